"""Counts by dimension: what `columns` counted by several at once, added up for each."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from turnero_queue.statistics.block import Profile, split
from turnero_queue.statistics.columns import Columns
from turnero_queue.statistics.figures import Figures, spread
from turnero_queue.statistics.visit import NO_MINUTES

Sums = dict[Hashable, dict[Any, int]]


@dataclass(frozen=True)
class Group:
    """Dimensions counted in one go: six columns of a byte, and how to read each dimension."""

    columns: tuple[str, ...]
    dimensions: Mapping[str, Callable[[Columns, bytes], Hashable]]


def _named(name: str, at: int) -> Callable[[Columns, bytes], Hashable]:
    return lambda columns, key: columns.value(name, key[at], key[at + 1])


GROUPS = (
    Group(
        ("hour", "weekday", "origin.low", "origin.high", "priority.low", "priority.high"),
        {
            "all": lambda columns, key: "",
            "hour": lambda columns, key: key[0],
            "weekday": lambda columns, key: key[1],
            "weekday-hour": lambda columns, key: (key[1], key[0]),
            "origin": _named("origin", 2),
            "priority": _named("priority", 4),
        },
    ),
    Group(
        ("desk.low", "desk.high", "staff.low", "staff.high", "service.low", "service.high"),
        {
            "office": lambda columns, key: columns.value("desk", key[0], key[1])[0],
            "desk": _named("desk", 0),
            "staff": _named("staff", 2),
            "service": _named("service", 4),
        },
    ),
    Group(
        ("day.low", "day.high", "none", "none", "none", "none"),
        {
            "day": _named("day", 0),
            "month": lambda columns, key: columns.value("day", key[0], key[1]).replace(day=1),
        },
    ),
)


class Grouped:
    """The sums of a selection, each group counted when something of it is first asked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._known: dict[tuple[str, str], Sums] = {}

    def figures(self, dimension: str) -> dict[Hashable, Figures]:
        profiles = self._sums(dimension, "profile")
        waits = self._sums(dimension, "wait")
        attentions = self._sums(dimension, "attention")
        return {
            value: _figures(self._profiles(found), waits.get(value, {}), attentions.get(value, {}))
            for value, found in profiles.items()
        }

    def _profiles(self, found: Mapping[int, int]) -> dict[Profile, int]:
        values = self._columns.names["profile"].values
        return {values[number]: count for number, count in found.items()}

    def _sums(self, dimension: str, measure: str) -> Sums:
        if (dimension, measure) not in self._known:
            group = next(group for group in GROUPS if dimension in group.dimensions)
            self._count(group, measure)
        return self._known[dimension, measure]

    def _count(self, group: Group, measure: str) -> None:
        counted = self._columns.counted(group.columns, measure)
        sums: dict[str, Sums] = {
            name: defaultdict(lambda: defaultdict(int)) for name in group.dimensions
        }
        readings: dict[bytes, list[dict[Any, int]]] = {}
        for number, count in counted.items():
            key = split(number)
            measured = key[6] | key[7] << 8
            if measured == NO_MINUTES:
                continue
            cells = readings.get(key[:6])
            if cells is None:
                cells = readings[key[:6]] = [
                    sums[name][read(self._columns, key)] for name, read in group.dimensions.items()
                ]
            for cell in cells:
                cell[measured] += count
        self._known.update({(name, measure): found for name, found in sums.items()})


def _figures(
    profiles: Mapping[Profile, int], waits: Mapping[int, int], attentions: Mapping[int, int]
) -> Figures:
    counts: dict[str, int] = defaultdict(int)
    for profile, count in profiles.items():
        counts["issued"] += count
        counts[profile.outcome] += count
        counts["calls"] += profile.calls * count
        counts["recalls"] += profile.recalls * count
        counts["transfers"] += profile.transfers * count
        counts["out_of_order"] += profile.out_of_order * count
        counts["readmitted"] += profile.readmitted * count
        counts["with_target"] += count if profile.target else 0
        counts["on_target"] += count if profile.target == 2 else 0
        counts["paper"] += count if profile.paper == 1 else 0
        counts["paperless"] += count if profile.paper == 2 else 0
    return Figures(**counts, wait=spread(waits), service=spread(attentions))
