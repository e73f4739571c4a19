"""A report: totals, a table for each dimension, the heat map, the funnel, each when asked for."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Literal

from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext
from turnero_queue import catalogue, satisfaction
from turnero_queue.statistics import desk_time, out_of_order
from turnero_queue.statistics.desk_time import DeskTime, DeskTimes
from turnero_queue.statistics.figures import Cell, Figures, HeatMap, Row, Step, share
from turnero_queue.statistics.grouping import Grouped
from turnero_queue.statistics.names import Names
from turnero_queue.statistics.out_of_order import OutOfOrder
from turnero_queue.statistics.query import Dimension, Query
from turnero_queue.statistics.selecting import Selection

# What is counted beyond the turns and their calls; each takes its time over a year.
Part = Literal["wait", "attention", "desks"]
PARTS: tuple[Part, ...] = ("wait", "attention", "desks")


def report(session: Session, query: Query) -> "Report":
    """What the query selects; read now, counted when it is looked at."""
    configured = catalogue.current(session)
    selection = Selection(session, configured, query)
    return Report(session, query, selection, Names(session, configured))


class Report:
    """Good within the transaction it was read in."""

    def __init__(self, session: Session, query: Query, selection: Selection, names: Names) -> None:
        self._session = session
        self.query = query
        self._selection = selection
        self._grouped = Grouped(selection.columns("visits"))
        self._names = names

    @cached_property
    def totals(self) -> Figures:
        figures = self._grouped.figures("all").get("", Figures())
        found = _whole(figures, self._desk_time("all"), "")
        scores = () if self.query.narrows else self._scores()
        # Of one office with few answers nothing must follow from those of several.
        if not scores or any(one.is_hidden for one in scores):
            return found
        return replace(
            found,
            answers=sum(one.answers for one in scores),
            satisfied=sum(sum(one.counts[3:]) for one in scores),
        )

    def by(self, dimension: Dimension, parts: Collection[Part] = PARTS) -> tuple[Row, ...]:
        """A table: a row for every value of the dimension that anything happened with.

        What is not among the `parts` is left uncounted, as if there were none of it.
        """
        figures, names = self._grouped.figures(dimension, parts), self._names
        times = self._desk_time(dimension) if "desks" in parts else None
        values = figures.keys() | (times or {}).keys()
        return tuple(
            Row(
                names.key(dimension, value),
                names.name(dimension, value),
                _whole(figures.get(value, Figures()), times, value),
                value if isinstance(value, int | date) else None,
            )
            for value in sorted(values, key=lambda value: names.order(dimension, value))
        )

    def heat_map(self, *, waits: bool = True) -> HeatMap:
        """Hour by weekday: who came, and how long they waited, if that is asked for."""
        cells: dict[int, dict[int, Cell]] = {weekday: {} for weekday in range(7)}
        found = self._grouped.figures("weekday-hour", ("wait",) if waits else ())
        for value, figures in found.items():
            if isinstance(value, tuple):
                cells[value[0]][value[1]] = Cell(figures.issued, figures.wait.median)
        hours = [hour for row in cells.values() for hour in row]
        return HeatMap(range(min(hours), max(hours) + 1) if hours else (), cells)

    def funnel(self) -> tuple[Step, ...]:
        """From those who took a turn to those who were attended."""
        totals = self.totals
        counts = (
            ("issued", gettext(N_("Took a turn")), totals.issued),
            ("called", gettext(N_("Were called")), totals.with_target),
            ("served", gettext(N_("Were attended")), totals.served),
        )
        return tuple(Step(*step, share(step[2], totals.issued)) for step in counts)

    def out_of_order(self, limit: int = 200) -> tuple[OutOfOrder, ...]:
        """The calls that passed over the order, the newest first, at most `limit`."""
        return tuple(out_of_order.calls(self._session, self.query, self._names, limit))

    def _scores(self) -> Sequence[satisfaction.Scores]:
        """What people answered, of each office where anybody did."""
        ids = [office.id for office in self.query.offices]
        first, last = self.query.first, self.query.last
        return list(satisfaction.counts(self._session, ids, first, last, "office").values())

    @cached_property
    def _desks(self) -> DeskTimes:
        return DeskTimes(self._selection.columns("desks"))

    def _desk_time(self, dimension: str) -> Mapping[Hashable, DeskTime] | None:
        """None where a selection has no desks of its own, as a service has not."""
        if self.query.narrows_visits or dimension not in desk_time.DIMENSIONS:
            return None
        return self._desks.by(dimension)


def _whole(figures: Figures, times: Mapping[Hashable, DeskTime] | None, value: Hashable) -> Figures:
    return figures if times is None else replace(figures, **vars(times.get(value, DeskTime())))
