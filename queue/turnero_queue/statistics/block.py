"""A day's visits or desk hours, packed column by column, so that a year is counted at once.

A block has columns of bytes, one after another. Labels come first: each a place in the block's own
list of values. Numbers up to 65535 follow in two columns, the low bytes and the high ones.
"""

import json
import sys
from array import array
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from turnero_queue.statistics.profile import profile_of
from turnero_queue.statistics.visit import Visit
from turnero_queue.statistics.work import DeskHour, Work

# A byte tells so many values apart; a day with more is kept in several blocks.
MOST_VALUES = 256
MOST = 65535


@dataclass(frozen=True)
class Shape:
    """Which columns a block has: labels, then bytes, then numbers of two bytes."""

    labels: tuple[str, ...]
    bytes: tuple[str, ...]
    numbers: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of bytes, in their order."""
        halves = (f"{name}.{half}" for name in self.numbers for half in ("low", "high"))
        return *self.labels, *self.bytes, *halves


VISITS = Shape(
    ("service", "desk", "staff", "priority", "origin", "profile"), ("hour",), ("wait", "attention")
)
DESKS = Shape(("desk", "staff"), ("hour",), ("open", "paused", "serving", "attentions"))
SHAPES = {"visits": VISITS, "desks": DESKS}


@dataclass(frozen=True)
class Block:
    """`labels` maps each label to its values, or is the JSON of that, read when it is needed."""

    count: int
    labels: dict[str, list[Any]] | str
    data: bytes

    def values(self, label: str) -> list[Any]:
        """What the places in a label's column stand for."""
        return self._said[label]

    def column(self, place: int) -> bytes:
        """One of the columns of its shape, by the place that it has there."""
        return self.data[place * self.count : (place + 1) * self.count]

    @cached_property
    def _said(self) -> dict[str, list[Any]]:
        if isinstance(self.labels, str):
            return json.loads(self.labels)  # type: ignore[no-any-return]
        return self.labels


def pack_visits(visits: Iterable[Visit]) -> list[Block]:
    """The blocks of a day's visits, in the order given."""
    rows = [
        (
            (v.service, v.desk, v.staff, v.priority, v.origin, profile_of(v)),
            (v.hour,),
            (v.wait_minutes, v.service_minutes),
        )
        for v in visits
    ]
    return _pack(VISITS, rows)


def pack_desks(hours: Iterable[tuple[DeskHour, Work]]) -> list[Block]:
    """The blocks of a day's desk hours, in the order given."""
    rows = [
        (
            (key.desk, key.staff),
            (key.hour,),
            (done.open_s, done.paused_s, done.serving_s, min(done.attentions, MOST)),
        )
        for key, done in hours
    ]
    return _pack(DESKS, rows)


Packable = tuple[tuple[Hashable, ...], tuple[int, ...], tuple[int, ...]]


def _pack(shape: Shape, rows: Iterable[Packable]) -> list[Block]:
    packings = [_Packing(shape)]
    for row in rows:
        if not packings[-1].has_room(row):
            packings.append(_Packing(shape))
        packings[-1].add(row)
    return [packing.block() for packing in packings if packing.rows]


class _Packing:
    def __init__(self, shape: Shape) -> None:
        self.places: dict[str, dict[Any, int]] = {name: {} for name in shape.labels}
        self.rows: list[tuple[int, ...]] = []

    def has_room(self, row: Packable) -> bool:
        return all(
            len(places) < MOST_VALUES or value in places
            for places, value in zip(self.places.values(), row[0], strict=True)
        )

    def add(self, row: Packable) -> None:
        labels, plain, numbers = row
        places = (
            places.setdefault(value, len(places))
            for places, value in zip(self.places.values(), labels, strict=True)
        )
        halves = (half for number in numbers for half in (number & 255, number >> 8))
        self.rows.append((*places, *plain, *halves))

    def block(self) -> Block:
        labels: dict[str, list[Any]] = {name: list(found) for name, found in self.places.items()}
        columns = zip(*self.rows, strict=True)
        return Block(len(self.rows), labels, b"".join(map(bytes, columns)))


def keys(columns: Sequence[bytes]) -> "array[int]":
    """Four columns of bytes as one of numbers, the first their lowest bytes."""
    joined = bytearray(4 * len(columns[0]))
    for place, column in enumerate(columns):
        joined[place::4] = column
    return _array("I", joined)


def numbers(low: bytes, high: bytes) -> "array[int]":
    """Two columns of bytes as the numbers they are halves of."""
    joined = bytearray(2 * len(low))
    joined[0::2], joined[1::2] = low, high
    return _array("H", joined)


def _array(kind: Literal["H", "I"], joined: bytearray) -> "array[int]":
    found: array[int] = array(kind)
    found.frombytes(joined)
    if sys.byteorder == "big":
        found.byteswap()
    return found
