"""Counts by dimension, each added up when it is first asked for."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any

from turnero_queue.statistics.columns import Columns, Day
from turnero_queue.statistics.figures import Figures, spread
from turnero_queue.statistics.profile import Profile, read_profile
from turnero_queue.statistics.visit import NO_MINUTES

# What takes minutes: how many there are of each is counted only where it is asked for.
MEASURES = ("wait", "attention")
# Dimensions that are counted two at a time, where a byte is enough for each.
_PAIRS = {"desk-staff": ("desk", "staff"), "priority-origin": ("priority", "origin")}
_PAIR_OF = {name: pair for pair, names in _PAIRS.items() for name in names}
# Those that are added up from what was counted of a finer one, and how their values follow.
_COARSER: Mapping[str, tuple[str, Callable[[Any], Hashable]]] = {
    "weekday": ("weekday-hour", lambda value: value[0]),
    "hour": ("weekday-hour", lambda value: value[1]),
    "month": ("day", lambda value: value.replace(day=1)),
}


def _all(value: Any) -> str:
    """Of the one dimension that has one value."""
    return ""


# Those of which all of a block's visits have the same: that is faster, unless a finer one is known.
_OF_BLOCKS: Mapping[str, Callable[[Day], Hashable]] = {
    "all": _all,
    "office": lambda one: one.office,
    "weekday": lambda one: one.day.weekday(),
    "day": lambda one: one.day,
    "month": lambda one: one.day.replace(day=1),
}
Sums = Mapping[Hashable, Mapping[int, int]]


class Grouped:
    """The sums of a selection of visits."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._counted: dict[tuple[str, str], Sums] = {}

    def figures(
        self, dimension: str, measures: Collection[str] = MEASURES
    ) -> Mapping[Hashable, Figures]:
        """By the dimension's values; measures that are not named have no spread."""
        waits, attentions = (
            self._sums(dimension, measure) if measure in measures else {} for measure in MEASURES
        )
        return {
            value: _figures(self._profiles(found), waits.get(value, {}), attentions.get(value, {}))
            for value, found in self._sums(dimension, "profile").items()
        }

    def _sums(self, dimension: str, measure: str) -> Sums:
        """How many there are of each value of the measure, by the dimension's values."""
        if (dimension, measure) not in self._counted:
            self._counted[dimension, measure] = self._added_up(dimension, measure)
        return self._counted[dimension, measure]

    def _added_up(self, dimension: str, measure: str) -> Sums:
        finer, value_of = self._finer(dimension, measure)
        if (finer, measure) in self._counted or (finer and dimension not in _OF_BLOCKS):
            return _coarser(self._sums(finer, measure), value_of)
        if dimension in _OF_BLOCKS:
            found = self._columns.counted_by_day(_OF_BLOCKS[dimension], measure)
            return {value: _without_none(counts) for value, counts in found.items()}
        pair = _PAIR_OF.get(dimension, "")
        if pair and all(len(self._columns.values(name)) <= 256 for name in _PAIRS[pair]):
            place = _PAIRS[pair].index(dimension)
            return _coarser(self._sums(pair, measure), lambda value: value[place])
        return self._count(dimension, measure)

    def _finer(self, dimension: str, measure: str) -> tuple[str, Callable[[Any], Hashable]]:
        if dimension != "all":
            return _COARSER.get(dimension, ("", _all))
        # Every dimension has every visit once.
        known = (name for name, counted in self._counted if counted == measure)
        return next(known, ""), _all

    def _count(self, dimension: str, measure: str) -> Sums:
        sums: dict[int, dict[int, int]] = defaultdict(dict)
        for number, measured, count in self._columns.counted(_columns(dimension), measure):
            if measured != NO_MINUTES:
                sums[number][measured] = count
        return {self._value(dimension, number): found for number, found in sums.items()}

    def _value(self, dimension: str, number: int) -> Hashable:
        if dimension == "weekday-hour":
            return number & 255, number >> 8
        if dimension in _PAIRS:
            one, other = (self._columns.values(name) for name in _PAIRS[dimension])
            return one[number & 255], other[number >> 8]
        value: Hashable = self._columns.values(dimension)[number]
        return value

    def _profiles(self, found: Mapping[int, int]) -> dict[Profile, int]:
        values = self._columns.values("profile")
        return {read_profile(values[number]): count for number, count in found.items()}


def _columns(dimension: str) -> tuple[str, str]:
    """The two columns of bytes that tell a dimension's values apart."""
    if dimension == "weekday-hour":
        return "weekday", "hour"
    if dimension in _PAIRS:
        one, other = _PAIRS[dimension]
        return f"{one}.low", f"{other}.low"
    return f"{dimension}.low", f"{dimension}.high"


def _without_none(counts: Mapping[int, int]) -> Mapping[int, int]:
    return {measured: count for measured, count in counts.items() if measured != NO_MINUTES}


def _coarser(sums: Sums, value_of: Callable[[Any], Hashable]) -> Sums:
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
