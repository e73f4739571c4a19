"""Finding the places for a booking at one instant, or saying why there are none."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue import catalogue
from turnero_queue.appointments import grid, listing, occupancy
from turnero_queue.appointments.grid import GridSlot
from turnero_queue.appointments.values import Wish, duration_of
from turnero_queue.availability import WEEKDAYS, Availability
from turnero_queue.catalogue import Office

SUGGESTIONS = 3
PAST = N_("This hour is past. Choose one to come.")
UNALIGNED = N_("No appointment begins at this minute. Choose one of the hours shown.")
TOO_FAR = N_("This day is too far away. Choose one by %(last)s.")
FULL = N_("Somebody has just taken the last place of this hour. Choose another, please.")
UNAVAILABLE = N_("There are no appointments at this hour. Choose another, please.")


@dataclass(frozen=True)
class Choice:
    """Places for a booking; `over` are the ids of expired holds whose places it takes."""

    given: Availability
    slot: GridSlot
    seats: tuple[str, ...]
    over: tuple[str, ...]


def choose(
    session: Session,
    office: Office,
    wanted: Wish,
    start: datetime,
    now: datetime,
    pool: str,
    *,
    own: str | None = None,
    lead: bool = True,
) -> Choice:
    """Free places at `start` for `wanted`; the booking `own` counts as not there.

    Invalid for a start that is past, unaligned or too far; Conflict `slot-unavailable` or
    `slot-full`, with the next free hours. Without `lead` the time to book ahead is not asked for.
    """
    found = listing.candidates(office, wanted, pool)
    _check_start(office, found, start, now)
    earliest = {given.code: _earliest(given, now, lead) for given in found}
    fitting = [
        (given, slot)
        for given, slot in _at(session, office, found, wanted, start, now)
        if start >= earliest[given.code]
    ]
    if not fitting:
        raise refusal(session, office, wanted, start, now, pool, "slot-unavailable", UNAVAILABLE)
    for given, slot in fitting:
        seats, over = _seats(session, office, given, slot, now, own)
        if seats:
            return Choice(given, slot, seats, over)
    raise refusal(session, office, wanted, start, now, pool, "slot-full", FULL)


def refusal(
    session: Session,
    office: Office,
    wanted: Wish,
    start: datetime,
    now: datetime,
    pool: str,
    slug: str,
    detail: str,
) -> Conflict:
    """A refusal that names the next free hours in its member `next`."""
    coming = listing.following(session, office, wanted, start, now, pool=pool)
    following = [slot for slot, _ in zip(coming, range(SUGGESTIONS), strict=False)]
    return Conflict(
        detail,
        slug=slug,
        title=N_("This hour is not free"),
        extra={
            "next": [
                {"start": clock.rfc3339(slot.start), "end": clock.rfc3339(slot.end)}
                for slot in following
            ]
        },
    )


def _earliest(given: Availability, now: datetime, lead: bool) -> datetime:
    return now + timedelta(minutes=given.lead_minutes) if lead else now


def _check_start(
    office: Office, found: Collection[Availability], start: datetime, now: datetime
) -> None:
    day = clock.local_date(start, office.zone)
    last = clock.local_date(now, office.zone) + timedelta(
        days=max((given.horizon_days for given in found), default=0)
    )
    if start < now:
        raise Invalid(errors={"start": [gettext(PAST)]})
    if found and day > last:
        raise Invalid(errors={"start": [gettext(TOO_FAR, last=last.isoformat())]})
    if start.second or start.microsecond or (found and _between_slots(office, found, start)):
        raise Invalid(errors={"start": [gettext(UNALIGNED)]})


def _between_slots(office: Office, found: Iterable[Availability], start: datetime) -> bool:
    """Whether `start` is in the hours of some availability, but never the beginning of a slot."""
    local = start.astimezone(office.zone)
    minute, within = local.hour * 60 + local.minute, False
    for given in found:
        stride = given.slot_minutes + given.buffer_minutes
        for first, last in given.hours.get(WEEKDAYS[local.weekday()], ()):
            if first <= minute < last:
                if (minute - first) % stride == 0:
                    return False
                within = True
    return within


def _at(
    session: Session,
    office: Office,
    found: Iterable[Availability],
    wanted: Wish,
    start: datetime,
    now: datetime,
) -> Iterable[tuple[Availability, GridSlot]]:
    day, today = (clock.local_date(at, office.zone) for at in (start, now))
    length = duration_of(wanted)
    version = catalogue.current(session).version
    for given in found:
        if day <= today + timedelta(days=given.horizon_days):
            count = given.slots_for(length)
            for slot in grid.of_day(session, version, office, given, count, day):
                if slot.free.start == start:
                    yield given, slot


def _seats(
    session: Session,
    office: Office,
    given: Availability,
    slot: GridSlot,
    now: datetime,
    own: str | None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As many free places as are needed, or none, and the expired holds that still have them."""
    rows = occupancy.taking(session, office.id, slot.first, slot.until)
    live = [row for row in rows if row.id != own and not expired(row, now)]
    used = {label for row in live for label in row.seats.split(",")}
    used |= occupancy.blocked(session, office, slot.first, slot.until, given.labels)
    free = [label for label in given.labels if label not in used]
    over = tuple(row.id for row in rows if row.id != own and expired(row, now))
    enough = len(free) >= given.desks_needed
    return (tuple(free[: given.desks_needed]) if enough else (), over)


def expired(row: "Row[str, int, int, str, datetime | None]", now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now
