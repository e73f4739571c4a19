"""What a query selects of many days' blocks, as columns over all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any

from turnero_queue.statistics.block import Block, Shape, keys
from turnero_queue.statistics.query import Query

# Which filter of a query keeps some values of which label.
_FILTERS = {
    "service": "services",
    "desk": "desks",
    "staff": "staff",
    "priority": "priorities",
    "origin": "origins",
}
HALVES = ("low", "high")


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

    def numbered(self, values: Sequence[Any]) -> list[int]:
        known = self._numbers
        for value in values:
            if value not in known:
                known[value] = len(self.values)
                self.values.append(value)
        return [known[value] for value in values]


class Columns:
    """Two bytes for each label and for the day; a desk is a pair with its office's code."""

    def __init__(self, shape: Shape, days: Iterable[Day], query: Query) -> None:
        self._shape = shape
        self.names = {name: Dictionary() for name in (*shape.labels, "day")}
        parts: dict[str, list[bytes]] = {name: [] for name in _names(shape)}
        masks: list[bytes] = []
        for day in days:
            columns = day.block.columns(shape)
            mask = _mask(shape, day, columns, query)
            if 1 in mask:
                self._append(parts, day, columns)
                masks.append(mask)
        mask = b"".join(masks)
        self.count = mask.count(1)
        self._parts = {name: _kept(some, mask) for name, some in parts.items()}

    def _append(self, parts: dict[str, list[bytes]], day: Day, columns: dict[str, bytes]) -> None:
        for name in self._shape.labels:
            values = _values(day, name)
            low, high = _tables(self.names[name].numbered(values))
            parts[f"{name}.low"].append(columns[name].translate(low))
            parts[f"{name}.high"].append(columns[name].translate(high))
        for name in self._shape.columns[len(self._shape.labels) :]:
            parts[name].append(columns[name])
        count, number = day.block.count, self.names["day"].numbered([day.day])[0]
        parts["day.low"].append(bytes([number & 255]) * count)
        parts["day.high"].append(bytes([number >> 8]) * count)
        parts["weekday"].append(bytes([day.day.weekday()]) * count)

    def column(self, name: str) -> bytes:
        """A column of bytes; zeroes for one that there is not."""
        return self._parts.get(name) or bytes(self.count)

    def counted(self, dimension: Sequence[str], measure: str) -> Iterator[tuple[int, int, int]]:
        """The dimension's two bytes as a number, the measure's, and how many have both."""
        names = (*dimension, *(f"{measure}.{half}" for half in HALVES))
        for key, count in Counter(keys([self.column(name) for name in names])).items():
            yield key & 65535, key >> 16, count


def _names(shape: Shape) -> list[str]:
    halves = [f"{name}.{half}" for name in (*shape.labels, "day") for half in HALVES]
    return [*halves, *shape.columns[len(shape.labels) :], "weekday"]


def _kept(parts: list[bytes], mask: bytes) -> bytes:
    joined = b"".join(parts)
    return joined if 0 not in mask else bytes(compress(joined, mask))


def _values(day: Day, name: str) -> list[Any]:
    values = day.block.labels[name]
    if name == "desk":
        return [(day.office, value) for value in values]
    return values


def _tables(numbers: list[int]) -> tuple[bytes, bytes]:
    """What `bytes.translate` takes to turn places into the low and high bytes of numbers."""
    rest = bytes(256 - len(numbers))
    low = bytes([number & 255 for number in numbers])
    return low + rest, bytes([number >> 8 for number in numbers]) + rest


def _mask(shape: Shape, day: Day, columns: dict[str, bytes], query: Query) -> bytes:
    """A byte for each of the block: 1 where it is asked for."""
    if query.weekdays and day.day.weekday() not in query.weekdays:
        return bytes(day.block.count)
    mask = b"\1" * day.block.count
    for name in shape.labels:
        wanted = getattr(query, _FILTERS.get(name, ""), ())
        if wanted:
            labels = day.block.labels[name]
            if name == "desk":
                labels = [f"{day.office}/{label}" if label else "" for label in labels]
            mask = _both(mask, columns[name], [label in wanted for label in labels])
    if query.hours:
        mask = _both(mask, columns["hour"], [hour in query.hours for hour in range(24)])
    return mask


def _both(mask: bytes, column: bytes, kept: list[bool]) -> bytes:
    table = bytes(kept) + bytes(256 - len(kept))
    both = int.from_bytes(mask, "little") & int.from_bytes(column.translate(table), "little")
    return both.to_bytes(len(mask), "little")
