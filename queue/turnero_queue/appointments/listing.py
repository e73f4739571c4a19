"""Which slots are free: for a kiosk's calendar, for the nearest hour, for programs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import catalogue, opening
from turnero_queue.appointments import grid, occupancy, quanta
from turnero_queue.appointments.grid import GridSlot
from turnero_queue.appointments.occupancy import Occupancy
from turnero_queue.appointments.values import PUBLIC, Slot, Wish, codes_of, duration_of
from turnero_queue.availability import Availability
from turnero_queue.catalogue import Office

LONGEST_LOOK = timedelta(days=400)


@dataclass(frozen=True)
class Day:
    """`free` slots of a day; `closed` is why it does not open, `full` that all are taken."""

    day: date
    free: int
    closed: str | None = None
    full: bool = False


def slots(
    session: Session,
    office: Office,
    wanted: Wish,
    first: date,
    last: date,
    now: datetime,
    *,
    pool: str = PUBLIC,
    lead: bool = True,
) -> list[Slot]:
    """The free slots of the days `first` to `last`, in order, that all of `wanted` fits into.

    Without `lead` those too that begin sooner than citizens may book; none that is past.
    """
    return list(iterate(session, office, wanted, first, last, now, pool=pool, lead=lead))


def days(
    session: Session,
    office: Office,
    wanted: Wish,
    first: date,
    last: date,
    now: datetime,
    *,
    pool: str = PUBLIC,
) -> dict[date, Day]:
    """Every day from `first` to `last` with how many slots it has left, for a calendar."""
    free: dict[date, int] = defaultdict(int)
    for slot in iterate(session, office, wanted, first, last, now, pool=pool):
        free[slot.start.astimezone(office.zone).date()] += 1
    return {
        day: Day(
            day,
            free[day],
            opening.closed_reason(office, day),
            full=not free[day] and _would_have(session, office, wanted, day, now, pool),
        )
        for day in _dates(first, last)
    }


def first_free(
    session: Session,
    wanted: Wish,
    offices: Iterable[Office],
    now: datetime,
    *,
    pool: str = PUBLIC,
) -> list[tuple[Office, Slot]]:
    """The first free slot of each office that has one, the soonest first."""
    found = []
    for office in offices:
        slot = next(following(session, office, wanted, now, now, pool=pool), None)
        if slot is not None:
            found.append((office, slot))
    return sorted(found, key=lambda pair: pair[1].start)


def following(
    session: Session,
    office: Office,
    wanted: Wish,
    after: datetime,
    now: datetime,
    *,
    pool: str = PUBLIC,
) -> Iterator[Slot]:
    """The free slots from `after` on, one by one."""
    first = clock.local_date(max(after, now), office.zone)
    last = first + timedelta(days=_reach(candidates(office, wanted, pool)))
    for slot in iterate(session, office, wanted, first, last, now, pool=pool):
        if slot.start >= after:
            yield slot


def candidates(office: Office, wanted: Wish, pool: str) -> list[Availability]:
    """What gives all of `wanted` in one visit, in the configured order."""
    codes = codes_of(wanted)
    return [given for given in office.availabilities if given.pool == pool and given.covers(codes)]


def iterate(
    session: Session,
    office: Office,
    wanted: Wish,
    first: date,
    last: date,
    now: datetime,
    *,
    pool: str = PUBLIC,
    lead: bool = True,
) -> Iterator[Slot]:
    """The same as `slots`, one by one."""
    found = candidates(office, wanted, pool)
    today = clock.local_date(now, office.zone)
    first, last = max(first, today), min(last, today + timedelta(days=_reach(found)))
    if not found or first > last:
        return
    begins, ends = (
        quanta.before(datetime.combine(day, datetime.min.time(), tzinfo=office.zone))
        for day in (first, last + timedelta(days=2))
    )
    taken = occupancy.load(session, office, begins, ends, now)
    version = catalogue.current(session).version
    length = duration_of(wanted)
    for day in _dates(first, last):
        offered = [
            (given, grid.of_day(session, version, office, given, given.slots_for(length), day))
            for given in found
            if today + timedelta(days=given.horizon_days) >= day
        ]
        if len(offered) == 1:
            given, slots = offered[0]
            key = version, given.code, given.slots_for(length), day
            yield from _left(given, slots, taken, _earliest(given, now, lead), key)
        else:
            yield from _merged(offered, taken, now, lead)


def _left(
    given: Availability,
    slots: Sequence[GridSlot],
    taken: Occupancy,
    earliest: datetime,
    key: tuple[int, str, int, date],
) -> Iterable[Slot]:
    """What is left of one availability's slots on a day, but for those that begin too soon."""
    left = taken.listed.get(key)
    if left is None:
        left = taken.listed[key] = tuple(_free_of(given, slots, taken))
    if left and left[0].start < earliest:
        return [slot for slot in left if slot.start >= earliest]
    return left


def _free_of(given: Availability, slots: Sequence[GridSlot], taken: Occupancy) -> Iterator[Slot]:
    """The busiest loop of all: a month has thousands of slots."""
    mask, needed, busy = taken.bits.of(given.labels), given.desks_needed, taken.taken
    for first, until, free in slots:
        used = 0
        for quantum in range(first, until):
            if quantum in busy:
                used |= busy[quantum]
        if not used & mask:
            yield free
        elif left := (mask & ~used).bit_count() // needed:
            yield Slot(free.start, free.end, left)


def _merged(
    offered: Iterable[tuple[Availability, Sequence[GridSlot]]],
    taken: Occupancy,
    now: datetime,
    lead: bool,
) -> Iterator[Slot]:
    """The slots of several availabilities, each start once, with the places of all of them."""
    places: dict[datetime, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    ends: dict[datetime, datetime] = {}
    for given, slots in offered:
        earliest = _earliest(given, now, lead)
        mask = taken.bits.of(given.labels)
        for slot in slots:
            if slot.free.start < earliest:
                continue
            if free := mask & ~used_in(taken.taken, slot.first, slot.until):
                start = slot.free.start
                places[start][given.desks_needed] |= free
                ends[start] = min(ends.get(start, slot.free.end), slot.free.end)
    for start in sorted(places):
        # Places shared by availabilities that need one or two of them are counted as the most.
        left = max(free.bit_count() // needed for needed, free in places[start].items())
        if left:
            yield Slot(start, ends[start], left)


def _earliest(given: Availability, now: datetime, lead: bool) -> datetime:
    return now + timedelta(minutes=given.lead_minutes) if lead else now


def used_in(taken: Mapping[int, int], first: int, until: int) -> int:
    """The places that are taken at any time from `first` up to `until`."""
    used = 0
    for quantum in range(first, until):
        used |= taken.get(quantum, 0)
    return used


def _would_have(
    session: Session, office: Office, wanted: Wish, day: date, now: datetime, pool: str
) -> bool:
    """Whether the office gives slots on a day of the future that people can book."""
    today = clock.local_date(now, office.zone)
    version = catalogue.current(session).version
    length = duration_of(wanted)
    return any(
        slot.free.start >= now + timedelta(minutes=given.lead_minutes)
        for given in candidates(office, wanted, pool)
        if today <= day <= today + timedelta(days=given.horizon_days)
        for slot in grid.of_day(session, version, office, given, given.slots_for(length), day)
    )


def _reach(found: Iterable[Availability]) -> int:
    return max((given.horizon_days for given in found), default=0)


def _dates(first: date, last: date) -> Iterator[date]:
    for number in range(min((last - first).days, LONGEST_LOOK.days) + 1):
        yield first + timedelta(days=number)
