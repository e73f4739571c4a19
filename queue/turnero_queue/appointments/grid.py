"""The slots that an availability gives on a day, whether anybody has taken them or not.

A slot begins at a wall-clock time of the office and lasts real minutes: an hour that a change of
clocks leaves out has no slots, and one that comes twice has them once.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from turnero_queue import opening
from turnero_queue.appointments import quanta
from turnero_queue.appointments.values import Slot
from turnero_queue.availability import WEEKDAYS, Availability
from turnero_queue.catalogue import Office

_KEY = "appointment_grid"
# Days remembered for an office before they are worked out anew.
MOST_DAYS = 20_000


class GridSlot(NamedTuple):
    """What a slot takes, in steps (see quanta), and what it is when nobody has taken it."""

    first: int
    until: int
    free: Slot


def of_day(
    session: Session, version: int, office: Office, given: Availability, slots: int, day: date
) -> tuple[GridSlot, ...]:
    """The starts of `slots` slots in a row on `day`, remembered while `version` is in force."""
    cache = session.info["cache"]
    known = cache.get((_KEY, office.id))
    if known is None or known[0] != version or len(known[1]) > MOST_DAYS:
        known = cache[_KEY, office.id] = (version, {})
    key = (given.code, slots, day)
    found: tuple[GridSlot, ...] | None = known[1].get(key)
    # An office with changes not committed yet is not the one that everybody else knows.
    if found is None or session.info.get("configuration_changed"):
        found = tuple(make(office, given, slots, day))
        if not session.info.get("configuration_changed"):
            known[1][key] = found
    return found


def make(office: Office, given: Availability, slots: int, day: date) -> Iterator[GridSlot]:
    """The slots of `day` in order, each within an opening of the office."""
    if not given.active_on(day):
        return
    open_spans = [
        (span.start.astimezone(UTC), span.end.astimezone(UTC))
        for span in opening.spans(office, day)
    ]
    if not open_spans:
        return
    length = given.length(slots)
    stride = given.slot_minutes + given.buffer_minutes
    seats = len(given.labels) // given.desks_needed
    for first, last in given.hours[WEEKDAYS[day.weekday()]]:
        latest = instant(office, day, last)
        for minute in range(first, last, stride):
            start = wall(office, day, minute)
            if start is None or start + length > latest:
                continue
            end = start + length
            if any(opens <= start and end <= closes for opens, closes in open_spans):
                taken = end + timedelta(minutes=given.buffer_minutes)
                free = Slot(start, end, seats)
                yield GridSlot(quanta.before(start), quanta.after(taken), free)


def wall(office: Office, day: date, minute: int) -> datetime | None:
    """The instant in UTC of a wall-clock time; None when the clocks leave it out that day."""
    days, rest = divmod(minute, 24 * 60)
    naive = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60))
    instant = naive.replace(tzinfo=office.zone).astimezone(UTC)
    return instant if instant.astimezone(office.zone).replace(tzinfo=None) == naive else None


def instant(office: Office, day: date, minute: int) -> datetime:
    """The same; an end that the clocks leave out is the instant at which they jump."""
    while (found := wall(office, day, minute)) is None:
        minute += 1
    return found
