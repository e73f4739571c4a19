"""What a query selects of many days' blocks, as columns over all of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress, groupby
from typing import Any

from turnero_queue.statistics.block import Block, Shape, keys, numbers
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


@dataclass(frozen=True)
class Stretch:
    """What is kept of one block: from `start` to before `end` of every column."""

    day: Day
    start: int
    end: int


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
    """Two bytes for each label, whose values `values` lists; a desk's has its office's code too."""

    def __init__(self, shape: Shape, days: Iterable[Day], query: Query) -> None:
        self._shape = shape
        self._places = {name: place for place, name in enumerate(shape.columns)}
        self._labels: dict[str, Dictionary] = {}
        self._known: dict[str, bytes] = {}
        self.stretches: list[Stretch] = []
        masks: list[bytes] = []
        count = 0
        for day in days:
            mask = _mask(shape, day, query) if query.narrows else b""
            kept = mask.count(1) if query.narrows else day.block.count
            if kept:
                self.stretches.append(Stretch(day, count, count + kept))
                count += kept
                masks.append(mask)
        self._mask = b"".join(masks)

    def values(self, label: str) -> list[Any]:
        """What the numbers of a label stand for."""
        self._read_label(label)
        return self._labels[label].values

    def column(self, name: str) -> bytes:
        """A column of bytes: `LABEL.low`, `NUMBER.high`, `hour`, `weekday`."""
        label = name.partition(".")[0]
        if label in self._shape.labels:
            self._read_label(label)
        elif name not in self._known:
            self._known[name] = self._kept(self._pieces(name))
        return self._known[name]

    def numbers(self, name: str) -> Sequence[int]:
        """The numbers of a label or measure, one for each that is kept."""
        low, high = (self.column(f"{name}.{half}") for half in HALVES)
        return numbers(low, high) if high.count(0) < len(high) else low

    def counted(self, dimension: Sequence[str], measure: str) -> Iterator[tuple[int, int, int]]:
        """The dimension's two bytes as a number, the measure's, and how many have both."""
        names = (*dimension, *(f"{measure}.{half}" for half in HALVES))
        for key, count in Counter(keys([self.column(name) for name in names])).items():
            yield key & 65535, key >> 16, count

    def counted_by_day(
        self, value_of: Callable[[Day], Hashable], measure: str
    ) -> Mapping[Hashable, Mapping[int, int]]:
        """How many have which number of the measure, by what all of a block have in common."""
        found: dict[Hashable, Counter[int]] = defaultdict(Counter)
        own = self.numbers(measure)
        # Days come in their order: there are long runs of one value.
        for value, run in groupby(self.stretches, key=lambda one: value_of(one.day)):
            whole = list(run)
            found[value].update(own[whole[0].start : whole[-1].end])
        return found

    def _pieces(self, name: str) -> Iterator[bytes]:
        if name == "weekday":
            for one in self.stretches:
                yield bytes([one.day.day.weekday()]) * one.day.block.count
            return
        yield from self._blocks(self._places[name])

    def _blocks(self, place: int) -> list[bytes]:
        return [one.day.block.column(place) for one in self.stretches]

    def _read_label(self, label: str) -> None:
        """Its columns and its values: numbers that stand for the same all over."""
        if label in self._labels:
            return
        known = self._labels[label] = Dictionary()
        tables = [_tables(known.numbered(_values(one.day, label))) for one in self.stretches]
        blocks = self._blocks(self._places[label])
        for half, name in enumerate(HALVES):
            # One byte is enough for most.
            some = half == 0 or len(known.values) > 256
            pieces = (
                block.translate(table[half]) if some else bytes(len(block))
                for block, table in zip(blocks, tables, strict=True)
            )
            self._known[f"{label}.{name}"] = self._kept(pieces)

    def _kept(self, pieces: Iterable[bytes]) -> bytes:
        joined = b"".join(pieces)
        return bytes(compress(joined, self._mask)) if 0 in self._mask else joined


def _values(day: Day, name: str) -> list[Any]:
    values = day.block.values(name)
    if name == "desk":
        return [(day.office, value) for value in values]
    return values


def _tables(numbers: list[int]) -> tuple[bytes, bytes]:
    """What `bytes.translate` takes to turn places into the low and high bytes of numbers."""
    rest = bytes(256 - len(numbers))
    low = bytes([number & 255 for number in numbers])
    return low + rest, bytes([number >> 8 for number in numbers]) + rest


def _mask(shape: Shape, day: Day, query: Query) -> bytes:
    """A byte for each of the block: 1 where it is asked for."""
    if query.weekdays and day.day.weekday() not in query.weekdays:
        return bytes(day.block.count)
    mask = b"\1" * day.block.count
    for place, name in enumerate(shape.labels):
        wanted = getattr(query, _FILTERS.get(name, ""), ())
        if wanted:
            labels = day.block.values(name)
            if name == "desk":
                labels = [f"{day.office}/{label}" if label else "" for label in labels]
            column = day.block.column(place)
            mask = _both(mask, column, [label in wanted for label in labels])
    if query.hours:
        column = day.block.column(shape.columns.index("hour"))
        mask = _both(mask, column, [hour in query.hours for hour in range(24)])
    return mask


def _both(mask: bytes, column: bytes, kept: list[bool]) -> bytes:
    table = bytes(kept) + bytes(256 - len(kept))
    both = int.from_bytes(mask, "little") & int.from_bytes(column.translate(table), "little")
    return both.to_bytes(len(mask), "little")
