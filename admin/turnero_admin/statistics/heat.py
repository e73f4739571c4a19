"""A heat map of hours by weekdays, as a table whose cells know their shade."""

from collections.abc import Mapping
from dataclasses import dataclass

from turnero_admin.statistics import scales
from turnero_admin.statistics.numbers import Writer
from turnero_core.i18n import N_, gettext

SHADES = 6


@dataclass(frozen=True)
class Day:
    name: str
    short: str


@dataclass(frozen=True)
class Cell:
    """`text` is empty where nothing was; `most` marks the highest of all."""

    text: str
    says: str
    shade: int
    most: bool


@dataclass(frozen=True)
class HourRow:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Heat:
    title: str
    days: tuple[Day, ...]
    rows: tuple[HourRow, ...]


def heat(title: str, values: Mapping[tuple[int, int], float], write: Writer) -> Heat | None:
    """`values` by (weekday from 0 for Monday, hour); None when all are nothing.

    Every hour between the first and the last is shown, and the weekdays on which something was.
    """
    there = {place: value for place, value in values.items() if value}
    if not there:
        return None
    hours = range(min(hour for _, hour in there), max(hour for _, hour in there) + 1)
    days = _days({day for day, _ in there})
    most = busiest(there)
    rows = tuple(
        HourRow(
            clock(hour),
            tuple(
                _cell((day, hour), there, max(there.values()), write, (day, hour) == most)
                for day in days
            ),
        )
        for hour in hours
    )
    names = tuple(Day(write.weekday(day), write.weekday(day, short=True)) for day in days)
    return Heat(title, names, rows)


def busiest(values: Mapping[tuple[int, int], float]) -> tuple[int, int]:
    return max(sorted(values), key=lambda place: values[place])


def clock(hour: int) -> str:
    return f"{hour:02}:00"


def _days(there: set[int]) -> list[int]:
    """Monday to Friday always; Saturday and Sunday when something was."""
    return sorted({0, 1, 2, 3, 4} | there)


def _cell(
    place: tuple[int, int],
    values: Mapping[tuple[int, int], float],
    highest: float,
    write: Writer,
    most: bool,
) -> Cell:
    value = values.get(place, 0)
    written = write.count(value) if value >= 10 or value == round(value) else write.decimal(value)
    says = gettext(
        N_("%(weekday)s %(hour)s: %(count)s"),
        weekday=write.weekday(place[0]),
        hour=clock(place[1]),
        count=written,
    )
    return Cell(written if value else "", says, scales.shade(value, highest, SHADES), most)
