"""Days and hours as people say them, a screenful at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext
from turnero_queue import appointments
from turnero_queue.appointments import Slot, Wish
from turnero_queue.appointments.wording import clock_of, day_name
from turnero_queue.catalogue import Office

__all__ = [
    "FreeDay",
    "Hour",
    "Part",
    "clock_of",
    "day_name",
    "free_days",
    "full_days",
    "parts_of",
    "whole_day",
]

DAYS = 5
HOURS = 12
# How far a calendar is looked through for days that are free.
REACH = timedelta(days=120)
SOON = timedelta(days=21)
NOON = 12


@dataclass(frozen=True)
class FreeDay:
    """A day with free hours: its name, how many, and the first of them."""

    day: date
    name: str
    free: int
    first: str


@dataclass(frozen=True)
class Hour:
    start: datetime
    text: str
    left: int


@dataclass(frozen=True)
class Part:
    """The morning or the afternoon of a day."""

    name: str
    hours: Sequence[Hour]


def free_days(
    session: Session, office: Office, wanted: Wish, now: datetime, after: date | None
) -> tuple[list[FreeDay], date | None]:
    """The next days with free hours, from `after` on; and the day to go on from, if any."""
    today = now.astimezone(office.zone).date()
    first = max(after or today, today)
    found: dict[date, list[Slot]] = {}
    for slot in appointments.slots(session, office, wanted, first, today + REACH, now):
        day = slot.start.astimezone(office.zone).date()
        if day not in found and len(found) == DAYS:
            return _named(found, today, office), day
        found.setdefault(day, []).append(slot)
    return _named(found, today, office), None


def parts_of(
    session: Session, office: Office, wanted: Wish, day: date, now: datetime, page: int
) -> tuple[list[Part], int | None]:
    """The free hours of a day, morning and afternoon; and the page that More leads to."""
    found = appointments.slots(session, office, wanted, day, day, now)
    pages = max(1, -(-len(found) // HOURS))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * HOURS : page * HOURS]
    return _parts(shown, office), (page % pages + 1 if pages > 1 else None)


def whole_day(
    session: Session, office: Office, wanted: Wish, day: date, now: datetime
) -> list[Part]:
    """All the free hours of a day, for a page that scrolls."""
    return _parts(appointments.slots(session, office, wanted, day, day, now), office)


def full_days(
    session: Session, office: Office, wanted: Wish, now: datetime
) -> list[tuple[date, str]]:
    """The days of the next weeks whose hours are all taken, with their names."""
    today = now.astimezone(office.zone).date()
    found = appointments.days(session, office, wanted, today, today + SOON, now)
    return [(day, day_name(day, today)) for day, each in found.items() if each.full]


def _parts(shown: Sequence[Slot], office: Office) -> list[Part]:
    morning = [slot for slot in shown if slot.start.astimezone(office.zone).hour < NOON]
    afternoon = shown[len(morning) :]
    return [
        Part(name, [Hour(slot.start, clock_of(slot.start, office), slot.seats_left) for slot in at])
        for name, at in (
            (gettext(N_("Morning")), morning),
            (gettext(N_("Afternoon")), afternoon),
        )
        if at
    ]


def _named(found: dict[date, list[Slot]], today: date, office: Office) -> list[FreeDay]:
    return [
        FreeDay(day, day_name(day, today), len(slots), clock_of(slots[0].start, office))
        for day, slots in found.items()
    ]
