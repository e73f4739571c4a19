"""Two periods, or two offices, side by side, with the differences in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from turnero_admin.statistics import asked as asking
from turnero_admin.statistics import differences, heat, periods
from turnero_admin.statistics.asked import Asked
from turnero_admin.statistics.blueprint import VIEW, blueprint, page
from turnero_admin.statistics.charts import Plot, Series, plot
from turnero_admin.statistics.measures import MEASURES
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.periods import Period
from turnero_admin.statistics.tables import Column, Row, Table
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office
from turnero_queue.permissions import Permission
from turnero_queue.statistics import Report, report

SHOWN = (
    "issued", "served", "served_share", "left", "no_show", "cancelled", "wait_median", "wait_p90",
    "target_share", "service_median", "service_p90", "occupancy", "per_desk_hour", "recalls",
    "transfers", "out_of_order", "paperless",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """What the first is compared with. `office` is None for the offices of the first."""

    period: Period
    office: Office | None
    offices: tuple[Office, ...]


@blueprint.get("/compare")
@access(VIEW)
@reads
def compare(unit: Unit) -> str:
    asked, write = asking.read(unit), Writer(unit.catalogue.locale)
    other = side(unit, asked)
    found = report(unit.session, asked.query)
    against = report(unit.session, asked.of(other.period, other.offices))
    names = (name(asked.period, asked.offices, write), name(other.period, other.offices, write))
    return page(
        "compare.html",
        unit,
        asked,
        other=other,
        places=unit.offices_with(Permission.STATISTICS_VIEW),
        names=names,
        table=_table(found, against, names, write),
        nothing=not (found.totals.issued or against.totals.issued),
        plots=[_waits(found, against, names, write), _weekdays(found, against, names, write)],
        extra={"from2": other.period.first.isoformat(), "to2": other.period.last.isoformat()}
        | ({"office2": other.office.code} if other.office else {}),
    )


def side(unit: Unit, asked: Asked) -> Side:
    """The second side of the address: the period before, in the same offices, if it says nothing.

    Forbidden for another's office.
    """
    first, last = (periods.day(request.args.get(name, "")) for name in ("from2", "to2"))
    period = periods.before(asked.period)
    if first or last:
        period = periods.custom(first or last or asked.today, last or first or asked.today)
    code = request.args.get("office2")
    office = unit.catalogue.office(code) if code else None
    if office:
        unit.require(Permission.STATISTICS_VIEW, office.id)
    return Side(period, office, (office,) if office else asked.offices)


def table(unit: Unit, found: Report, asked: Asked, write: Writer) -> Table:
    """The comparison as a table, for a file."""
    other = side(unit, asked)
    against = report(unit.session, asked.of(other.period, other.offices))
    names = (name(asked.period, asked.offices, write), name(other.period, other.offices, write))
    return _table(found, against, names, write)


def name(period: Period, offices: Sequence[Office], write: Writer) -> str:
    where = pick(offices[0].name) if len(offices) == 1 else gettext(N_("All my offices"))
    return f"{write.days(period.first, period.last)}, {where}"


def _table(found: Report, against: Report, names: tuple[str, str], write: Writer) -> Table:
    columns = (
        Column("figure", gettext(N_("Figure")), "text"),
        Column("first", names[0], "mixed"),
        Column("second", names[1], "mixed"),
        Column("difference", gettext(N_("The first, against the second")), "text"),
    )
    rows = []
    for measure in (MEASURES[name] for name in SHOWN):
        now, before = measure.read(found.totals), measure.read(against.totals)
        said = differences.words(measure.kind, now, before, write)
        rows.append(Row((gettext(measure.label), now, before, said), kind=measure.kind))
    return Table("comparison", gettext(N_("Side by side")), columns, tuple(rows))


def _waits(
    found: Report, against: Report, names: tuple[str, str], write: Writer
) -> tuple[str, Plot | None]:
    """The median wait by hour of both, as two lines."""
    both = [
        {
            int(r.value): r.figures.wait.median
            for r in one.by("hour", ["wait"])
            if isinstance(r.value, int)
        }
        for one in (found, against)
    ]
    there = [hour for one in both for hour, value in one.items() if value is not None]
    hours = range(min(there), max(there) + 1) if there else ()
    title = gettext(N_("Typical wait by hour of arrival"))
    first, second = (tuple(one.get(hour) for hour in hours) for one in both)
    series = (Series(names[0], first, "line"), Series(names[1], second, "dashes"))
    labels = [heat.clock(hour) for hour in hours]
    return title, plot(title, labels, series, write.minutes, time=True)


def _weekdays(
    found: Report, against: Report, names: tuple[str, str], write: Writer
) -> tuple[str, Plot | None]:
    """Turns by weekday of both, as bars side by side."""
    both = [
        {r.value: float(r.figures.issued) for r in one.by("weekday", ())}
        for one in (found, against)
    ]
    days = [day for day in range(7) if any(one.get(day) for one in both)]
    title = gettext(N_("Turns by weekday"))
    first, second = (tuple(one.get(day, 0.0) for day in days) for one in both)
    return title, plot(
        title,
        [write.weekday(day, short=True) for day in days],
        (Series(names[0], first), Series(names[1], second)),
        write.count,
        names=[write.weekday(day) for day in days],
    )
