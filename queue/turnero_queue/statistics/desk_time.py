"""Desk time added up: how long desks were open, paused and serving, by dimension."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from turnero_queue.statistics.block import DESKS
from turnero_queue.statistics.columns import Columns, Day


@dataclass(frozen=True)
class DeskTime:
    open_s: int = 0
    paused_s: int = 0
    serving_s: int = 0
    attentions: int = 0


# What all hours of a block have in common: the block's numbers are added up as they stand.
_OF_BLOCKS: Mapping[str, Callable[[Day], Hashable]] = {
    "all": lambda one: "",
    "office": lambda one: one.office,
    "day": lambda one: one.day,
    "month": lambda one: one.day.replace(day=1),
    "weekday": lambda one: one.day.weekday(),
}
_OF_ROWS = ("desk", "staff", "hour")
DIMENSIONS = frozenset((*_OF_BLOCKS, *_OF_ROWS))
Sums = Mapping[Hashable, DeskTime]
Numbers = tuple[int, ...]


class DeskTimes:
    """The sums of a selection, each dimension added up when it is first asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._blocks: list[tuple[Day, Numbers]] | None = None
        self._known: dict[str, Sums] = {}

    def by(self, dimension: str) -> Sums:
        if dimension not in self._known:
            found = self._of_blocks if dimension in _OF_BLOCKS else self._of_rows
            self._known[dimension] = found(dimension)
        return self._known[dimension]

    def _of_blocks(self, dimension: str) -> Sums:
        if self._blocks is None:
            numbers = self._numbers()
            self._blocks = [
                (one.day, tuple(sum(column[one.start : one.end]) for column in numbers))
                for one in self._columns.stretches
            ]
        value_of = _OF_BLOCKS[dimension]
        return _added_up((value_of(day), numbers) for day, numbers in self._blocks)

    def _of_rows(self, dimension: str) -> Sums:
        if dimension == "hour":
            rows: Sequence[int] = self._columns.column("hour")
            return _added_up(zip(rows, zip(*self._numbers(), strict=True), strict=True))
        rows = self._columns.numbers(dimension)
        values = self._columns.values(dimension)
        found = _added_up(zip(rows, zip(*self._numbers(), strict=True), strict=True))
        return {values[number]: time for number, time in found.items()}  # type: ignore[call-overload]

    def _numbers(self) -> list[Sequence[int]]:
        return [self._columns.numbers(name) for name in DESKS.numbers]


def _added_up(pairs: Iterable[tuple[Hashable, Numbers]]) -> Sums:
    sums: dict[Hashable, list[int]] = defaultdict(lambda: [0] * len(DESKS.numbers))
    for value, (opened, paused, served, attended) in pairs:
        cell = sums[value]
        cell[0] += opened
        cell[1] += paused
        cell[2] += served
        cell[3] += attended
    return {value: DeskTime(*cell) for value, cell in sums.items()}
