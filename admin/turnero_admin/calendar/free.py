"""The free hours that the staff choose from: those that citizens see, and sooner ones."""

from dataclasses import dataclass
from datetime import date

from turnero_core.i18n import N_, gettext
from turnero_queue import appointments
from turnero_queue.api.edge import Unit
from turnero_queue.appointments import Wish
from turnero_queue.appointments.describe import instant
from turnero_queue.appointments.wording import clock_of
from turnero_queue.availability import STAFF
from turnero_queue.catalogue import Office

NOON = 12


@dataclass(frozen=True)
class Hour:
    """`start` as a form sends it back; `left` is how many may still book it."""

    start: str
    text: str
    left: int


@dataclass(frozen=True)
class Part:
    name: str
    hours: list[Hour]


def parts_of(unit: Unit, office: Office, wanted: Wish, day: date, pool: str) -> list[Part]:
    """The free hours of a day, morning and afternoon."""
    found = appointments.slots(
        unit.session, office, wanted, day, day, unit.now, pool=pool, lead=False
    )
    hours = {True: list[Hour](), False: list[Hour]()}
    for slot in found:
        hour = Hour(instant(slot.start), clock_of(slot.start, office), slot.seats_left)
        hours[slot.start.astimezone(office.zone).hour < NOON].append(hour)
    names = {True: gettext(N_("Morning")), False: gettext(N_("Afternoon"))}
    return [Part(names[early], hours[early]) for early in (True, False) if hours[early]]


def next_day(unit: Unit, office: Office, wanted: Wish, day: date, pool: str) -> date | None:
    """The next day after `day` with a free hour."""
    for slot in appointments.listing.iterate(
        unit.session, office, wanted, day, date.max, unit.now, pool=pool
    ):
        found = slot.start.astimezone(office.zone).date()
        if found > day:
            return found
    return None


def has_staff_pool(office: Office) -> bool:
    """Whether the office keeps hours for its own staff to give."""
    return any(given.pool == STAFF for given in office.availabilities)
