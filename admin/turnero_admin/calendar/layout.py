"""A day as a table: a row for every few minutes, a column for every desk, nothing drawn twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from turnero_queue.appointments import DayView, Entry
from turnero_queue.appointments.grid import instant
from turnero_queue.availability import WEEKDAYS
from turnero_queue.catalogue import Office
from turnero_queue.models import AppointmentBlock

STEPS = (15, 10, 5)
MOST_ROWS = 24 * 12


@dataclass(frozen=True)
class Item:
    """A booking or a blocked time, in rows from `first` up to `until`."""

    first: int
    until: int
    entry: Entry | None = None
    block: AppointmentBlock | None = None


@dataclass(frozen=True)
class Column:
    """A desk's, or (without a code) of what has none; side by side in so many `lanes`."""

    code: str | None
    name: dict[str, str]
    lanes: tuple[tuple[Item, ...], ...]


@dataclass(frozen=True)
class Row:
    """`cells` begin in this row: an Item with its height, or None for a free one."""

    start: datetime
    now: bool
    cells: tuple[Item | None, ...]


@dataclass(frozen=True)
class Grid:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    step: int


def grid(office: Office, view: DayView, now: datetime) -> Grid | None:
    """The day's table; None for a day on which nothing is and nobody opens."""
    reach = _reach(office, view)
    if reach is None:
        return None
    begin, end = reach
    step = _step(view, begin)
    columns = tuple(
        Column(code, name, _lanes(_items(view, code, begin, end, step)))
        for code, name in _columns(office, view)
    )
    count = min(_rows(end - begin, step), MOST_ROWS)
    return Grid(columns, tuple(_row(columns, begin, n, step, now) for n in range(count)), step)


def _reach(office: Office, view: DayView) -> tuple[datetime, datetime] | None:
    """From the first hour that matters to the last, beginning on a full hour."""
    ends = _given(office, view) or [(span.start, span.end) for span in view.spans]
    ends += [(each.appointment.starts_at, each.appointment.ends_at) for each in view.entries]
    if not ends:
        return None
    first, last = min(start for start, _ in ends), max(end for _, end in ends)
    return first.replace(minute=0), last


def _given(office: Office, view: DayView) -> list[tuple[datetime, datetime]]:
    """The times of an open day at which appointments are given."""
    return [
        (instant(office, view.day, first), instant(office, view.day, last))
        for given in office.availabilities
        if view.spans and given.active_on(view.day)
        for first, last in given.hours.get(WEEKDAYS[view.day.weekday()], ())
    ]


def _step(view: DayView, begin: datetime) -> int:
    """The tallest row at whose edge every booking begins."""
    edges = [
        round((each.appointment.starts_at - begin).total_seconds()) // 60 for each in view.entries
    ]
    return next((step for step in STEPS if all(edge % step == 0 for edge in edges)), STEPS[-1])


def _columns(office: Office, view: DayView) -> Iterable[tuple[str | None, dict[str, str]]]:
    """The desks that give appointments or have one that day; and whatever has no desk."""
    used = {code for given in office.availabilities for code in given.desks}
    used |= {each.desk for each in view.entries if each.desk}
    used |= {code for row in view.blocks for code in row.desks}
    for desk in office.desks:
        if desk.code in used:
            yield desk.code, dict(desk.name)
    gone = used - {desk.code for desk in office.desks}
    for code in sorted(gone):
        yield code, {}
    if any(each.desk is None for each in view.entries) or not all(
        given.desks for given in office.availabilities
    ):
        yield None, {}


def _items(
    view: DayView, code: str | None, begin: datetime, end: datetime, step: int
) -> list[Item]:
    def item(start: datetime, until: datetime, **what: object) -> Item:
        first = max(0, int((start - begin).total_seconds()) // (60 * step))
        last = _rows(min(until, end) - begin, step)
        return Item(first, max(last, first + 1), **what)  # type: ignore[arg-type]

    found = [
        item(row.starts_at, row.ends_at, block=row)
        for row in view.blocks
        if (not row.desks or code in row.desks) and row.starts_at < end and row.ends_at > begin
    ]
    found += [
        item(each.appointment.starts_at, each.appointment.ends_at, entry=each)
        for each in view.of_desk(code)
    ]
    return sorted(found, key=lambda each: (each.first, -each.until))


def _lanes(items: Iterable[Item]) -> tuple[tuple[Item, ...], ...]:
    """Items that overlap stand side by side, in as few lanes as it takes."""
    lanes: list[list[Item]] = []
    for item in items:
        free = next((lane for lane in lanes if lane[-1].until <= item.first), None)
        if free is None:
            lanes.append([item])
        else:
            free.append(item)
    return tuple(tuple(lane) for lane in lanes) or ((),)


def _row(columns: Sequence[Column], begin: datetime, number: int, step: int, now: datetime) -> Row:
    start = begin + timedelta(minutes=number * step)
    cells: list[Item | None] = []
    for lane in (lane for column in columns for lane in column.lanes):
        at = next((item for item in lane if item.first <= number < item.until), None)
        if at is None or at.first == number:
            cells.append(at)
    return Row(start, start <= now < start + timedelta(minutes=step), tuple(cells))


def _rows(length: timedelta, step: int) -> int:
    return -(-int(length.total_seconds()) // (60 * step))
