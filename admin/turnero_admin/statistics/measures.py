"""The columns of the tables: what is read of a selection's figures, and how it is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from turnero_admin.statistics.tables import Column, Kind, Row, Table
from turnero_core.i18n import N_, gettext
from turnero_queue.statistics import Figures
from turnero_queue.statistics import Row as Line


@dataclass(frozen=True)
class Measure:
    label: str
    kind: Kind
    read: Callable[[Figures], Any]


MEASURES: Mapping[str, Measure] = {
    "issued": Measure(N_("Turns issued"), "count", lambda f: f.issued),
    "served": Measure(N_("Turns attended"), "count", lambda f: f.served),
    "left": Measure(N_("Left unattended"), "count", lambda f: f.left),
    "no_show": Measure(N_("Did not come when called"), "count", lambda f: f.no_show),
    "cancelled": Measure(N_("Turns cancelled"), "count", lambda f: f.cancelled),
    "there": Measure(N_("Still there"), "count", lambda f: f.there),
    "served_share": Measure(N_("Share attended"), "share", lambda f: f.served_share),
    "wait_median": Measure(N_("Typical wait (median)"), "minutes", lambda f: f.wait.median),
    "wait_p90": Measure(N_("Wait, nine in ten within"), "minutes", lambda f: f.wait.p90),
    "target_share": Measure(N_("Called within the target"), "share", lambda f: f.target_share),
    "service_median": Measure(
        N_("Typical attention (median)"), "minutes", lambda f: f.service.median
    ),
    "service_p90": Measure(N_("Attention, nine in ten within"), "minutes", lambda f: f.service.p90),
    "occupancy": Measure(N_("Occupancy of open desks"), "share", lambda f: f.occupancy),
    "open_s": Measure(N_("Hours of open desks"), "hours", lambda f: f.open_s),
    "per_desk_hour": Measure(
        N_("Attended per desk and hour"), "decimal", lambda f: f.per_desk_hour
    ),
    "calls": Measure(N_("Calls"), "count", lambda f: f.calls),
    "recalls": Measure(N_("Called again"), "count", lambda f: f.recalls),
    "transfers": Measure(N_("Transfers"), "count", lambda f: f.transfers),
    "out_of_order": Measure(N_("Called out of order"), "count", lambda f: f.out_of_order),
    "paperless": Measure(N_("Slips not printed"), "count", lambda f: f.paperless),
}


@dataclass(frozen=True)
class Group:
    """A table of some measures; `bar` is the one drawn, `worked` needs desks with open hours."""

    key: str
    title: str
    measures: tuple[str, ...]
    bar: str
    worked: bool = False


GROUPS: tuple[Group, ...] = (
    Group(
        "people",
        N_("How many came and what became of them"),
        ("issued", "served", "left", "no_show", "cancelled", "there", "served_share"),
        "issued",
    ),
    Group(
        "times",
        N_("How long it took"),
        ("wait_median", "wait_p90", "target_share", "service_median", "service_p90"),
        "wait_median",
    ),
    Group(
        "work",
        N_("The work at the desks"),
        ("occupancy", "open_s", "per_desk_hour", "calls", "recalls", "transfers", "out_of_order"),
        "occupancy",
        worked=True,
    ),
)


def table(
    group: Group,
    first: Column,
    lines: Iterable[Line],
    total: Figures | None,
    link: Callable[[Line], str | None] = lambda line: None,
    names: Callable[[Line], str] = lambda line: line.name,
) -> Table:
    """The measures of a group for each line, and for all of them in the last row."""
    columns = (first, *(column(name) for name in group.measures))
    read = ((line, _read(group.measures, line.figures)) for line in lines)
    # Nothing but noughts is said by leaving it out.
    rows = [Row((names(line), *values), link(line)) for line, values in read if any(values)]
    if total is not None:
        rows.append(Row((gettext(N_("Total")), *_read(group.measures, total)), total=True))
    return Table(group.key, gettext(group.title), columns, tuple(rows), group.bar)


def column(name: str) -> Column:
    return Column(name, gettext(MEASURES[name].label), MEASURES[name].kind)


def _read(names: Sequence[str], figures: Figures) -> list[Any]:
    return [MEASURES[name].read(figures) for name in names]
