"""Appointments: what is free, booking it, changing it, arriving, and the staff's calendar."""

from turnero_queue.appointments.arriving import Arrival, case_of, check_in
from turnero_queue.appointments.blocking import block, blocks, hurt_by_block, unblock
from turnero_queue.appointments.booking import confirm, hold, keep
from turnero_queue.appointments.changing import call_off, cancel, move, reschedule
from turnero_queue.appointments.finding import (
    by_code,
    by_id,
    by_token,
    history,
    of_contact,
    of_person,
    wish_of,
)
from turnero_queue.appointments.listing import Day, days, first_free, following, slots
from turnero_queue.appointments.schedules import hurt_by, hurt_everywhere, set_availabilities
from turnero_queue.appointments.values import (
    NOBODY,
    POOLS,
    PUBLIC,
    STAFF,
    Booker,
    Person,
    Slot,
    TooMany,
    Wanted,
    Wish,
    wish,
)
from turnero_queue.appointments.views import DayView, Entry, day_view, week_view
from turnero_queue.appointments.waiting_list import join_waiting_list, leave_waiting_list

__all__ = [
    "NOBODY",
    "POOLS",
    "PUBLIC",
    "STAFF",
    "Arrival",
    "Booker",
    "Day",
    "DayView",
    "Entry",
    "Person",
    "Slot",
    "TooMany",
    "Wanted",
    "Wish",
    "block",
    "blocks",
    "by_code",
    "by_id",
    "by_token",
    "call_off",
    "cancel",
    "case_of",
    "check_in",
    "confirm",
    "day_view",
    "days",
    "first_free",
    "following",
    "history",
    "hold",
    "hurt_by",
    "hurt_by_block",
    "hurt_everywhere",
    "join_waiting_list",
    "keep",
    "leave_waiting_list",
    "move",
    "of_contact",
    "of_person",
    "reschedule",
    "set_availabilities",
    "slots",
    "unblock",
    "week_view",
    "wish",
    "wish_of",
]
