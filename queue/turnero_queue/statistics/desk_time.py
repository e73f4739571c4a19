"""Desk time added up: how long desks were open, paused and serving, by dimension."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from turnero_queue.statistics.block import DESKS, keys, numbers
from turnero_queue.statistics.columns import HALVES, Columns


@dataclass(frozen=True)
class DeskTime:
    open_s: int = 0
    paused_s: int = 0
    serving_s: int = 0
    attentions: int = 0


_BY_DESK = ("desk.low", "desk.high", "staff.low", "staff.high")
_BY_TIME = ("day.low", "day.high", "hour", "weekday")
_GROUPS = {
    **dict.fromkeys(("all", "office", "desk", "staff"), _BY_DESK),
    **dict.fromkeys(("day", "month", "hour", "weekday"), _BY_TIME),
}
DIMENSIONS = frozenset(_GROUPS)
Sums = Mapping[Hashable, DeskTime]


class DeskTimes:
    """The sums of a selection, each dimension added up when it is first asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._groups: dict[tuple[str, ...], dict[int, list[int]]] = {}
        self._known: dict[str, Sums] = {}

    def by(self, dimension: str) -> Sums:
        if dimension not in self._known:
            self._known[dimension] = self._count(dimension)
        return self._known[dimension]

    def _count(self, dimension: str) -> Sums:
        group = _GROUPS[dimension]
        if group not in self._groups:
            self._groups[group] = self._add_up(group)
        sums: dict[Hashable, list[int]] = defaultdict(lambda: [0] * len(DESKS.numbers))
        for key, found in self._groups[group].items():
            cell = sums[self._value(dimension, key)]
            for place, number in enumerate(found):
                cell[place] += number
        return {value: DeskTime(*cell) for value, cell in sums.items()}

    def _add_up(self, group: tuple[str, ...]) -> dict[int, list[int]]:
        """By the four bytes of a group's columns as a number."""
        columns = [
            numbers(*(self._columns.column(f"{name}.{half}") for half in HALVES))
            for name in DESKS.numbers
        ]
        sums: dict[int, list[int]] = defaultdict(lambda: [0] * len(columns))
        own = keys([self._columns.column(name) for name in group])
        for key, opened, paused, served, attended in zip(own, *columns, strict=True):
            cell = sums[key]
            cell[0] += opened
            cell[1] += paused
            cell[2] += served
            cell[3] += attended
        return sums

    def _value(self, dimension: str, key: int) -> Hashable:
        names = self._columns.names
        first, second = key & 65535, key >> 16
        if dimension == "all":
            return ""
        if dimension in ("office", "desk"):
            office, desk = names["desk"].values[first]
            return office if dimension == "office" else (office, desk)
        if dimension == "staff":
            return str(names["staff"].values[second])
        if dimension in ("hour", "weekday"):
            return second & 255 if dimension == "hour" else second >> 8
        day = names["day"].values[first]
        return day if dimension == "day" else day.replace(day=1)  # type: ignore[no-any-return]
