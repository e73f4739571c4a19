"""One dimension's tables: how many, how long, and the work at the desks."""

from collections.abc import Callable, Sequence
from typing import get_args

from flask import url_for

from turnero_admin.statistics import measures
from turnero_admin.statistics.asked import FILTERS, Asked
from turnero_admin.statistics.measures import GROUPS, Group
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.tables import Column, Table
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, gettext
from turnero_queue.statistics import Report
from turnero_queue.statistics import Row as Line
from turnero_queue.statistics.names import DIMENSION_NAMES
from turnero_queue.statistics.query import Dimension

TITLES = {
    "office": N_("By office"),
    "service": N_("By service"),
    "desk": N_("By desk"),
    "staff": N_("By member of staff"),
    "priority": N_("By priority"),
    "origin": N_("By origin"),
    "hour": N_("By hour"),
    "weekday": N_("By weekday"),
    "day": N_("By day"),
    "month": N_("By month"),
}
# What has no desks of its own: there is no occupancy of a service.
MOST = 8
WITHOUT_DESKS = ("service", "priority", "origin")
_CALLS = Group(
    "work",
    N_("Calls and slips"),
    ("calls", "recalls", "transfers", "out_of_order", "paperless"),
    "calls",
)


def dimension_of(text: str) -> Dimension:
    if text not in get_args(Dimension):
        raise NotFound(N_("There is no such selection."))
    return text  # type: ignore[return-value]


def groups(dimension: str) -> tuple[Group, ...]:
    if dimension in WITHOUT_DESKS:
        return (*(group for group in GROUPS if not group.worked), _CALLS)
    return GROUPS


def tables(found: Report, asked: Asked, dimension: Dimension, write: Writer) -> list[Table]:
    """A table of each group; none when nothing was counted in the period."""
    lines = ordered(found.by(dimension), dimension)
    if not found.totals.issued and not found.totals.open_s:
        return []
    first = Column(dimension, gettext(DIMENSION_NAMES[dimension]), "text")
    link = _links(asked, dimension)
    links = {line.key: link(line) for line in lines}
    return [
        measures.table(
            group,
            first,
            lines,
            found.totals if len(lines) > 1 else None,
            link=lambda line: links[line.key],
            names=_names(dimension, write),
        )
        for group in groups(dimension)
    ]


def most(found: Report, asked: Asked, dimension: Dimension) -> Table:
    """How many came for what is asked for most: nothing else is counted."""
    first = Column(dimension, gettext(DIMENSION_NAMES[dimension]), "text")
    lines = ordered(found.by(dimension, ()), dimension)[:MOST]
    return measures.table(GROUPS[0], first, lines, None, link=_links(asked, dimension))


def table(found: Report, asked: Asked, dimension: Dimension, group: str, write: Writer) -> Table:
    """The one table called `group`, also when it is empty; NotFound."""
    first = Column(dimension, gettext(DIMENSION_NAMES[dimension]), "text")
    for one in groups(dimension):
        if one.key == group:
            return measures.table(
                one,
                first,
                ordered(found.by(dimension), dimension),
                found.totals,
                names=_names(dimension, write),
            )
    raise NotFound(N_("There is no such selection."))


def ordered(lines: Sequence[Line], dimension: str) -> Sequence[Line]:
    """What is asked for most comes first; people and desks stay in the order of their names."""
    if dimension not in WITHOUT_DESKS:
        return lines
    return sorted(lines, key=lambda line: -line.figures.issued)


def _names(dimension: str, write: Writer) -> Callable[[Line], str]:
    """Dates and weekdays are written here, in the reader's way."""
    if dimension == "day":
        return lambda line: write.day(line.value)  # type: ignore[arg-type]
    if dimension == "month":
        return lambda line: write.month(line.value)  # type: ignore[arg-type]
    if dimension == "weekday":
        return lambda line: write.weekday(line.value)  # type: ignore[arg-type]
    return lambda line: line.name


def _links(asked: Asked, dimension: str) -> Callable[[Line], str | None]:
    """From a row to all that is known of it."""
    if dimension == "day":
        return lambda line: url_for(
            "statistics.index",
            **asked.address(period="custom", **{"from": line.key, "to": line.key}),
        )
    if dimension == "office":
        return lambda line: url_for("statistics.index", **asked.address(office=line.key))
    if dimension not in FILTERS:
        return lambda line: None
    return lambda line: (
        url_for("statistics.index", **asked.address(**{dimension: line.key})) if line.key else None
    )
