"""The visits that a query selects, as columns over all its days, and counted by groups of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any

from turnero_queue.statistics.block import LABELLED, Block, Profile, keys
from turnero_queue.statistics.query import Query

Pair = tuple[bytes, bytes]
_FILTERS = ("services", "desks", "staff", "priorities", "origins")


@dataclass(frozen=True)
class Day:
    """One block of an office's day."""

    office: str
    day: date
    block: Block


@dataclass
class Dictionary:
    """Numbers for values, in the order they came."""

    values: list[Any] = field(default_factory=list)
    _numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, value: Any) -> int:
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class Columns:
    """A pair of bytes a visit for each dimension; desks and days carry their office along."""

    def __init__(self, days: Iterable[Day], query: Query) -> None:
        self.names = {name: Dictionary() for name in (*LABELLED, "profile", "day")}
        parts: dict[str, list[bytes]] = {name: [] for name in _PARTS}
        masks: list[bytes] = []
        for day in days:
            mask = _mask(day, query)
            if mask is None or 1 in mask:
                self._append(parts, day)
                masks.append(mask or b"\1" * day.block.count)
        mask = b"".join(masks)
        whole = 0 not in mask
        self._parts = {
            name: joined if whole else bytes(compress(joined, mask))
            for name, some in parts.items()
            for joined in [b"".join(some)]
        }
        self.count = len(self._parts["hour"])

    def _append(self, parts: dict[str, list[bytes]], day: Day) -> None:
        block = day.block
        for place, name in enumerate(LABELLED):
            values: list[Any] = block.labels[name]
            if name == "desk":
                values = [(day.office, value) for value in values]
            self._translate(parts, name, block.column(place), values)
        profiles = [Profile(*values) for values in block.labels["profile"]]
        self._translate(parts, "profile", block.profiles, profiles)
        number = self.names["day"].number(day.day)
        parts["day.low"].append(bytes([number & 255]) * block.count)
        parts["day.high"].append(bytes([number >> 8]) * block.count)
        parts["hour"].append(block.hours)
        parts["weekday"].append(bytes([day.day.weekday()]) * block.count)
        for which, name in enumerate(("wait", "attention")):
            low, high = block.minutes(which)
            parts[f"{name}.low"].append(low)
            parts[f"{name}.high"].append(high)

    def _translate(
        self, parts: dict[str, list[bytes]], name: str, column: bytes, values: list[Any]
    ) -> None:
        """From the places in a block's list of values to the numbers of all blocks'."""
        numbers = list(map(self.names[name].number, values))
        rest = bytes(256 - len(numbers))
        low = bytes([number & 255 for number in numbers]) + rest
        high = bytes([number >> 8 for number in numbers]) + rest
        parts[f"{name}.low"].append(column.translate(low))
        parts[f"{name}.high"].append(column.translate(high))

    def counted(self, dimensions: tuple[str, ...], measure: str) -> Mapping[int, int]:
        """How many visits have the same six bytes of dimensions and two of the measure."""
        names = [*dimensions, f"{measure}.low", f"{measure}.high"]
        none = bytes(self.count)
        return Counter(keys([self._parts.get(name, none) for name in names]))

    def values(self, name: str, low: int, high: int) -> Any:
        return self.names[name].values[low | high << 8]


_PARTS = (
    *(
        f"{n}.{h}"
        for n in (*LABELLED, "profile", "day", "wait", "attention")
        for h in ("low", "high")
    ),
    "hour",
    "weekday",
)


def _mask(day: Day, query: Query) -> bytes | None:
    """A byte for each visit of the block: 1 where it is asked for; None for all of them."""
    if query.weekdays and day.day.weekday() not in query.weekdays:
        return bytes(day.block.count)
    mask: bytes | None = None
    for place, name in enumerate(_FILTERS):
        wanted = getattr(query, name)
        if wanted:
            found = [
                _key(day, LABELLED[place], v) in wanted for v in day.block.labels[LABELLED[place]]
            ]
            table = bytes(found) + bytes(256 - len(found))
            mask = _both(mask, day.block.column(place).translate(table))
    if query.hours:
        table = bytes(hour in query.hours for hour in range(256))
        mask = _both(mask, day.block.hours.translate(table))
    return mask


def _key(day: Day, name: str, value: str) -> str:
    return f"{day.office}/{value}" if name == "desk" and value else value


def _both(one: bytes | None, other: bytes) -> bytes:
    if one is None:
        return other
    both = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return both.to_bytes(len(other), "little")
