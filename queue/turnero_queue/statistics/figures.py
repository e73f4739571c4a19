"""The figures of any selection of visits: counts, minutes, and what follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# How a visit stands: the six ways add up to those issued.
OUTCOMES = ("served", "left", "cancelled", "no_show", "there")


@dataclass(frozen=True)
class Spread:
    """How many, and in whole minutes begun from zero: half and nine in ten were done within.

    `median` is the value at rank ceil(n / 2) of the minutes in order, `p90` at ceil(9 n / 10).
    """

    count: int = 0
    median: int | None = None
    p90: int | None = None


NO_SPREAD = Spread()


@dataclass(frozen=True)
class Figures:
    """`issued` = `served` + `left` + `cancelled` + `no_show` + `there`, in every selection.

    `open_s`, `paused_s` and `serving_s` are of desks; None where the selection has no open hours
    of its own, as that of one service. `answers` and `satisfied` are of people asked how it was:
    of whole offices and days alone, and None when they are too few.
    """

    issued: int = 0
    served: int = 0
    left: int = 0
    cancelled: int = 0
    no_show: int = 0
    there: int = 0
    wait: Spread = NO_SPREAD
    service: Spread = NO_SPREAD
    with_target: int = 0
    on_target: int = 0
    calls: int = 0
    recalls: int = 0
    transfers: int = 0
    out_of_order: int = 0
    readmitted: int = 0
    paper: int = 0
    paperless: int = 0
    open_s: int | None = None
    paused_s: int | None = None
    serving_s: int | None = None
    attentions: int | None = None
    answers: int | None = None
    satisfied: int | None = None

    @property
    def ended(self) -> int:
        return self.issued - self.there

    @property
    def target_share(self) -> float | None:
        return share(self.on_target, self.with_target)

    @property
    def served_share(self) -> float | None:
        return share(self.served, self.ended)

    @property
    def left_share(self) -> float | None:
        return share(self.left, self.ended)

    @property
    def no_show_share(self) -> float | None:
        return share(self.no_show, self.ended)

    @property
    def cancelled_share(self) -> float | None:
        return share(self.cancelled, self.ended)

    @property
    def recall_share(self) -> float | None:
        return share(self.recalls, self.calls)

    @property
    def transfer_share(self) -> float | None:
        return share(self.transfers, self.issued)

    @property
    def out_of_order_share(self) -> float | None:
        return share(self.out_of_order, self.calls)

    @property
    def paperless_share(self) -> float | None:
        """Of those who were asked whether they wanted paper."""
        return share(self.paperless, self.paper + self.paperless)

    @property
    def satisfied_share(self) -> float | None:
        if self.satisfied is None or self.answers is None:
            return None
        return share(self.satisfied, self.answers)

    @property
    def occupancy(self) -> float | None:
        if self.serving_s is None or self.open_s is None:
            return None
        return share(self.serving_s, self.open_s)

    @property
    def per_desk_hour(self) -> float | None:
        """People attended in an hour of an open desk."""
        if self.attentions is None or not self.open_s:
            return None
        return self.attentions * 3600 / self.open_s


@dataclass(frozen=True)
class Row:
    """One line of a table; `value` is an hour, a weekday or a day where that is the dimension."""

    key: str
    name: str
    figures: Figures
    value: int | date | None = None


@dataclass(frozen=True)
class Cell:
    """Of a heat map: those issued, and the median wait in minutes."""

    issued: int
    median_wait: int | None


@dataclass(frozen=True)
class HeatMap:
    """`cells[weekday][hour]` over the hours in which anybody ever came, both included."""

    hours: Sequence[int]
    cells: Mapping[int, Mapping[int, Cell]]

    @property
    def most(self) -> int:
        return max((c.issued for row in self.cells.values() for c in row.values()), default=0)


@dataclass(frozen=True)
class Step:
    """Of a funnel: how many came so far."""

    code: str
    name: str
    count: int
    share: float | None


def share(part: int, whole: int) -> float | None:
    """`part` of `whole` between 0 and 1; None when there is no whole."""
    return part / whole if whole else None


def spread(minutes: Mapping[int, int]) -> Spread:
    """Of how many there were at each whole minute."""
    count = sum(minutes.values())
    if not count:
        return NO_SPREAD
    ranks = (count + 1) // 2, (9 * count + 9) // 10
    median, p90 = _at_ranks(sorted(minutes.items()), ranks)
    return Spread(count, median, p90)


def _at_ranks(ordered: Iterable[tuple[int, int]], ranks: Sequence[int]) -> list[int]:
    found: list[int] = []
    before = 0
    for minute, count in ordered:
        before += count
        while len(found) < len(ranks) and before >= ranks[len(found)]:
            found.append(minute)
    return found
