"""Counts by dimension, each added up when it is first asked for."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from turnero_queue.statistics.columns import Columns
from turnero_queue.statistics.figures import Figures, spread
from turnero_queue.statistics.profile import Profile
from turnero_queue.statistics.visit import NO_MINUTES

# The two columns of bytes of each dimension.
_COLUMNS = {
    "all": ("none", "none"),
    "hour": ("hour", "none"),
    "weekday": ("weekday", "none"),
    "weekday-hour": ("weekday", "hour"),
    **{
        name: (f"{name}.low", f"{name}.high")
        for name in ("office", "service", "desk", "staff", "priority", "origin", "day", "month")
    },
}
_PLAIN: Mapping[str, Callable[[int, int], Hashable]] = {
    "all": lambda low, high: "",
    "hour": lambda low, high: low,
    "weekday": lambda low, high: low,
    "weekday-hour": lambda low, high: (low, high),
}


class Grouped:
    """The sums of a selection of visits."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._known: dict[str, dict[Hashable, Figures]] = {}

    def figures(self, dimension: str) -> Mapping[Hashable, Figures]:
        if dimension not in self._known:
            self._known[dimension] = self._count(dimension)
        return self._known[dimension]

    def _count(self, dimension: str) -> dict[Hashable, Figures]:
        profiles, waits, attentions = (
            self._sums(dimension, measure) for measure in ("profile", "wait", "attention")
        )
        return {
            self._value(dimension, number): _figures(
                self._profiles(found), waits[number], attentions[number]
            )
            for number, found in profiles.items()
        }

    def _sums(self, dimension: str, measure: str) -> defaultdict[int, dict[int, int]]:
        """How many of each value of the measure, by the dimension's two bytes as a number."""
        sums: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for number, measured, count in self._columns.counted(_COLUMNS[dimension], measure):
            if measured != NO_MINUTES:
                sums[number][measured] = count
        return sums

    def _profiles(self, found: Mapping[int, int]) -> dict[Profile, int]:
        values = self._columns.names["profile"].values
        return {Profile.of(values[number]): count for number, count in found.items()}

    def _value(self, dimension: str, number: int) -> Hashable:
        plain = _PLAIN.get(dimension)
        if plain is not None:
            return plain(number & 255, number >> 8)
        value: Hashable = self._columns.names[dimension].values[number]
        return value


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
