"""A day's visits, packed column by column, so that a year of them is read and counted at once.

The bytes hold one column after another, one byte a visit for each of `LABELLED` (a place in the
block's own lists of values), for the hour and for the profile, and two bytes each for the minutes
waited and attended. A profile is what the visits have in common that is added up but never asked
for by itself: how it ended, calls, paper. There are few of them, however many the visits.
"""

import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from turnero_queue.statistics.visit import Visit

LABELLED = ("service", "desk", "staff", "priority", "origin")
# A byte tells so many values apart; a day with more is kept in several blocks.
MOST_VALUES = 256


class Profile(NamedTuple):
    """See `Visit` for what each says."""

    outcome: str
    target: int
    paper: int
    calls: int
    recalls: int
    transfers: int
    out_of_order: int
    readmitted: int


@dataclass(frozen=True)
class Block:
    """`labels` maps each of LABELLED to its values, and "profile" to lists as Profile has them."""

    count: int
    labels: dict[str, list[Any]]
    data: bytes

    def column(self, place: int) -> bytes:
        """A column of one byte a visit: LABELLED in order, then the hour, then the profile."""
        return self.data[place * self.count : (place + 1) * self.count]

    @property
    def hours(self) -> bytes:
        return self.column(len(LABELLED))

    @property
    def profiles(self) -> bytes:
        return self.column(len(LABELLED) + 1)

    def minutes(self, which: int) -> tuple[bytes, bytes]:
        """Low and high bytes of the minutes waited (0) or attended (1)."""
        first = len(LABELLED) + 2 + 2 * which
        return self.column(first), self.column(first + 1)


def profile_of(visit: Visit) -> Profile:
    return Profile(
        visit.outcome,
        visit.target,
        visit.paper,
        visit.calls,
        visit.recalls,
        visit.transfers,
        visit.out_of_order,
        visit.readmitted,
    )


def pack(visits: Iterable[Visit]) -> list[Block]:
    """The blocks of a day's visits, in the order given; one, but for very many values."""
    blocks: list[Block] = []
    packing = _Packing()
    for visit in visits:
        if not packing.has_room(visit):
            blocks.append(packing.block())
            packing = _Packing()
        packing.add(visit)
    if packing.rows:
        blocks.append(packing.block())
    return blocks


class _Packing:
    def __init__(self) -> None:
        self.places: dict[str, dict[Any, int]] = {name: {} for name in (*LABELLED, "profile")}
        self.rows: list[tuple[int, ...]] = []

    def has_room(self, visit: Visit) -> bool:
        return all(
            len(places) < MOST_VALUES or value in places
            for places, value in zip(self.places.values(), _values(visit), strict=True)
        )

    def add(self, visit: Visit) -> None:
        *labels, profile = (
            places.setdefault(value, len(places))
            for places, value in zip(self.places.values(), _values(visit), strict=True)
        )
        waited, attended = visit.wait_minutes, visit.service_minutes
        halves = waited & 255, waited >> 8, attended & 255, attended >> 8
        self.rows.append((*labels, visit.hour, profile, *halves))

    def block(self) -> Block:
        columns = zip(*self.rows, strict=True)
        labels: dict[str, list[Any]] = {name: list(found) for name, found in self.places.items()}
        labels["profile"] = [list(profile) for profile in labels["profile"]]
        return Block(len(self.rows), labels, b"".join(map(bytes, columns)))


def _values(visit: Visit) -> tuple[Any, ...]:
    return (
        visit.service,
        visit.desk,
        visit.staff,
        visit.priority,
        visit.origin,
        profile_of(visit),
    )


def keys(columns: Sequence[bytes]) -> "array[int]":
    """Eight columns of a byte as one column of numbers: equal where all eight are."""
    joined = bytearray(8 * len(columns[0]))
    for place, column in enumerate(columns):
        joined[place::8] = column
    numbers = array("Q")
    numbers.frombytes(joined)
    return numbers


def split(key: int) -> bytes:
    """The eight bytes that `keys` made a number of."""
    return key.to_bytes(8, sys.byteorder)
