"""A report: totals, a table for each dimension, the heat map, the funnel, each when asked for."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext
from turnero_queue import catalogue
from turnero_queue.statistics.columns import Columns
from turnero_queue.statistics.figures import Cell, Figures, HeatMap, Row, Step, share
from turnero_queue.statistics.grouping import Grouped
from turnero_queue.statistics.names import Names
from turnero_queue.statistics.query import Dimension, Query
from turnero_queue.statistics.selecting import Hours, Selection

# By which columns of desk time each dimension is added up, and its value there.
_BY_DESK = ("office", "desk", "staff")
_BY_TIME = ("day", "hour")


def report(session: Session, query: Query) -> "Report":
    """What the query selects; read now, counted when it is looked at."""
    configured = catalogue.current(session)
    selection = Selection(session, configured, query)
    return Report(query, selection, Columns(selection.days(), query), Names(session, configured))


class Report:
    """Good within the transaction it was read in."""

    def __init__(self, query: Query, selection: Selection, columns: Columns, names: Names) -> None:
        self.query = query
        self._selection = selection
        self._grouped = Grouped(columns)
        self._names = names

    @cached_property
    def totals(self) -> Figures:
        found = self._grouped.figures("all").get("", Figures())
        return _worked(found, self._hours("all").get("", Hours()), self.query)

    def by(self, dimension: Dimension) -> tuple[Row, ...]:
        """A table: a row for every value of the dimension that anything happened with."""
        figures = self._grouped.figures(dimension)
        # A service, a class or an origin has no desks of its own.
        has_hours = dimension not in ("service", "priority", "origin")
        hours = self._hours(dimension) if has_hours else {}
        names = self._names
        values = sorted(figures.keys() | hours.keys(), key=lambda v: names.order(dimension, v))
        return tuple(
            Row(
                names.key(dimension, value),
                names.name(dimension, value),
                _worked(
                    figures.get(value, Figures()),
                    hours.get(value, Hours()) if has_hours else None,
                    self.query,
                ),
                value if isinstance(value, int | date) else None,
            )
            for value in values
        )

    def heat_map(self) -> HeatMap:
        """Hour by weekday: who came, and how long they waited."""
        cells: dict[int, dict[int, Cell]] = {weekday: {} for weekday in range(7)}
        found = self._grouped.figures("weekday-hour")
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

    def _hours(self, dimension: str) -> dict[Hashable, Hours]:
        if self.query.narrows_visits:
            return {}
        by = _BY_TIME if dimension in ("hour", "weekday", "day", "month") else _BY_DESK
        sums: dict[Hashable, Hours] = defaultdict(Hours)
        for key, hours in self._hours_by(by).items():
            sums[_value(dimension, dict(zip(by, key, strict=True)))] += hours
        return sums

    def _hours_by(self, by: Sequence[str]) -> dict[tuple[Any, ...], Hours]:
        known = self.__dict__.setdefault("_known_hours", {})
        if by not in known:
            known[by] = self._selection.desk_hours(*by)
        return known[by]  # type: ignore[no-any-return]


def _value(dimension: str, key: dict[str, Any]) -> Hashable:
    if dimension == "all":
        return ""
    if dimension == "desk":
        return key["office"], key["desk"]
    if dimension == "weekday":
        return int(key["day"].weekday())
    if dimension == "month":
        return key["day"].replace(day=1)  # type: ignore[no-any-return]
    return key[dimension]  # type: ignore[no-any-return]


def _worked(figures: Figures, hours: Hours | None, query: Query) -> Figures:
    if hours is None or query.narrows_visits:
        return figures
    return replace(
        figures,
        open_s=hours.open_s,
        paused_s=hours.paused_s,
        serving_s=hours.serving_s,
        attentions=hours.attentions,
    )
