"""Desk time added up: how long desks were open, paused and serving, by dimension."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from turnero_queue.statistics.block import DESKS, keys, numbers, split
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


class DeskTimes:
    """The sums of a selection, each group of dimensions added up when it is first asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._known: dict[tuple[str, ...], dict[int, list[int]]] = {}

    def by(self, dimension: str) -> Mapping[Hashable, DeskTime]:
        sums: dict[Hashable, list[int]] = defaultdict(lambda: [0] * len(DESKS.numbers))
        for key, found in self._sums(_GROUPS[dimension]).items():
            cell = sums[self._value(dimension, split(key))]
            for place, number in enumerate(found):
                cell[place] += number
        return {value: DeskTime(*cell) for value, cell in sums.items()}

    def _sums(self, group: tuple[str, ...]) -> dict[int, list[int]]:
        if group not in self._known:
            self._known[group] = self._add_up(group)
        return self._known[group]

    def _add_up(self, group: tuple[str, ...]) -> dict[int, list[int]]:
        names = (*group, "none", "none", "none", "none")
        columns = [
            numbers(*(self._columns.column(f"{name}.{half}") for half in HALVES))
            for name in DESKS.numbers
        ]
        sums: dict[int, list[int]] = defaultdict(lambda: [0] * len(columns))
        own = keys([self._columns.column(name) for name in names])
        for key, opened, paused, served, attended in zip(own, *columns, strict=True):
            cell = sums[key]
            cell[0] += opened
            cell[1] += paused
            cell[2] += served
            cell[3] += attended
        return sums

    def _value(self, dimension: str, key: bytes) -> Hashable:
        columns = self._columns
        if dimension == "all":
            return ""
        if dimension in ("office", "desk"):
            office, desk = columns.value("desk", key[0], key[1])
            return office if dimension == "office" else (office, desk)
        if dimension == "staff":
            return str(columns.value("staff", key[2], key[3]))
        if dimension in ("hour", "weekday"):
            return key[2] if dimension == "hour" else key[3]
        day = columns.value("day", key[0], key[1])
        return day if dimension == "day" else day.replace(day=1)  # type: ignore[no-any-return]
