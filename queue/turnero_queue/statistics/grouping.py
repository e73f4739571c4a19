"""Counts by dimension, each added up when it is first asked for."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from turnero_queue.statistics.columns import Columns
from turnero_queue.statistics.figures import Figures, spread
from turnero_queue.statistics.profile import Profile, read_profile
from turnero_queue.statistics.visit import NO_MINUTES

# Dimensions that are counted two at a time, where a byte is enough for each.
_PAIRS = {"desk-staff": ("desk", "staff"), "priority-origin": ("priority", "origin")}
_PAIR_OF = {name: pair for pair, names in _PAIRS.items() for name in names}
# Those that are added up from what was counted of a finer one, and how their values follow.
_COARSER: Mapping[str, tuple[str, Callable[[Any], Hashable]]] = {
    "all": ("weekday-hour", lambda value: ""),
    "weekday": ("weekday-hour", lambda value: value[0]),
    "hour": ("weekday-hour", lambda value: value[1]),
    "office": ("desk", lambda value: value[0]),
    "month": ("day", lambda value: value.replace(day=1)),
}
Sums = Mapping[Hashable, Mapping[int, int]]


class Grouped:
    """The sums of a selection of visits."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._counted: dict[tuple[str, str], Sums] = {}
        self._known: dict[str, dict[Hashable, Figures]] = {}

    def figures(self, dimension: str) -> Mapping[Hashable, Figures]:
        if dimension not in self._known:
            self._known[dimension] = self._work_out(dimension)
        return self._known[dimension]

    def _work_out(self, dimension: str) -> dict[Hashable, Figures]:
        profiles, waits, attentions = (
            self._sums(dimension, measure) for measure in ("profile", "wait", "attention")
        )
        return {
            value: _figures(self._profiles(found), waits.get(value, {}), attentions.get(value, {}))
            for value, found in profiles.items()
        }

    def _sums(self, dimension: str, measure: str) -> Sums:
        """How many there are of each value of the measure, by the dimension's values."""
        if dimension in _COARSER:
            finer, value_of = _COARSER[dimension]
            return _added_up(self._sums(finer, measure), value_of)
        pair = _PAIR_OF.get(dimension, "")
        if pair and all(len(self._columns.names[name].values) <= 256 for name in _PAIRS[pair]):
            place = _PAIRS[pair].index(dimension)
            return _added_up(self._sums(pair, measure), lambda value: value[place])
        if (dimension, measure) not in self._counted:
            self._counted[dimension, measure] = self._count(dimension, measure)
        return self._counted[dimension, measure]

    def _count(self, dimension: str, measure: str) -> Sums:
        sums: dict[int, dict[int, int]] = defaultdict(dict)
        for number, measured, count in self._columns.counted(_columns(dimension), measure):
            if measured != NO_MINUTES:
                sums[number][measured] = count
        return {self._value(dimension, number): found for number, found in sums.items()}

    def _value(self, dimension: str, number: int) -> Hashable:
        if dimension == "weekday-hour":
            return number & 255, number >> 8
        names = self._columns.names
        if dimension in _PAIRS:
            one, other = _PAIRS[dimension]
            return names[one].values[number & 255], names[other].values[number >> 8]
        value: Hashable = names[dimension].values[number]
        return value

    def _profiles(self, found: Mapping[int, int]) -> dict[Profile, int]:
        values = self._columns.names["profile"].values
        return {read_profile(values[number]): count for number, count in found.items()}


def _columns(dimension: str) -> tuple[str, str]:
    """The two columns of bytes that tell a dimension's values apart."""
    if dimension == "weekday-hour":
        return "weekday", "hour"
    if dimension in _PAIRS:
        one, other = _PAIRS[dimension]
        return f"{one}.low", f"{other}.low"
    return f"{dimension}.low", f"{dimension}.high"


def _added_up(sums: Sums, value_of: Callable[[Any], Hashable]) -> Sums:
    coarser: dict[Hashable, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for value, found in sums.items():
        cell = coarser[value_of(value)]
        for measured, count in found.items():
            cell[measured] += count
    return coarser


def _figures(
    profiles: Mapping[Profile, int], waits: Mapping[int, int], attentions: Mapping[int, int]
) -> Figures:
    counts: dict[str, Any] = defaultdict(int)
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
