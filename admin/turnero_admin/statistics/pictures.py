"""The charts of a report, each with the sentence it says and the table that stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from turnero_admin.statistics import funnel, heat, measures
from turnero_admin.statistics.asked import Asked
from turnero_admin.statistics.charts import Plot, Series, plot
from turnero_admin.statistics.heat import Heat
from turnero_admin.statistics.numbers import Writer
from turnero_admin.statistics.periods import Period
from turnero_admin.statistics.tables import Column, Row, Table
from turnero_core.i18n import N_, gettext
from turnero_queue.statistics import Figures, Report
from turnero_queue.statistics import Row as Line
from turnero_queue.statistics.figures import NO_SPREAD

# More days than this are added up by month.
MOST_DAYS = 92


@dataclass(frozen=True)
class Picture:
    """`chart` is None where there is nothing to draw; `says` is its sentence then, too."""

    key: str
    title: str
    says: str
    chart: Plot | Heat | None
    table: Table


@dataclass(frozen=True)
class Funnel:
    key: str
    title: str
    says: str
    steps: Sequence[funnel.Step]
    lost: Sequence[funnel.Step]
    table: Table


def path(found: Report, write: Writer) -> Funnel:
    """From issued to served, and what became of the others."""
    totals = found.totals
    steps = [funnel.Step(step.name, step.count, step.share) for step in found.funnel()]
    lost = funnel.steps(
        totals.issued,
        [
            (gettext(measures.MEASURES[name].label), getattr(totals, name))
            for name in ("left", "no_show", "cancelled", "there")
        ],
    )
    columns = (
        Column("step", gettext(N_("Step")), "text"),
        Column("turns", gettext(N_("Turns"))),
        Column("share", gettext(N_("Of those issued")), "share"),
    )
    title = gettext(N_("From taking a turn to being attended"))
    rows = tuple(Row((step.label, step.count, step.share)) for step in (*steps, *lost))
    says = gettext(
        N_("Of %(issued)s who took a turn, %(served)s were attended (%(share)s)."),
        issued=write.count(totals.issued),
        served=write.count(totals.served),
        share=write.share(totals.served / totals.issued if totals.issued else None),
    )
    return Funnel("funnel", title, says, steps, lost, Table("funnel", title, columns, rows))


def week(found: Report, write: Writer) -> Picture:
    """Arrivals by hour and weekday."""
    values = {
        (day, hour): cell.issued
        for day, row in found.heat_map(waits=False).cells.items()
        for hour, cell in row.items()
    }
    title = gettext(N_("When people come"))
    chart, says = heat.heat(title, values, write), gettext(N_("Nobody came in this period."))
    if chart:
        day, hour = heat.busiest(values)
        says = gettext(
            N_("Most came on %(weekday)s at %(hour)s: %(count)s turns. Rows are hours of the day."),
            weekday=write.weekday(day),
            hour=heat.clock(hour),
            count=write.count(values[day, hour]),
        )
    return Picture("week", title, says, chart, _week_table(title, values, write))


def _week_table(title: str, values: Mapping[tuple[int, int], int], write: Writer) -> Table:
    columns = (
        Column("weekday", gettext(N_("Weekday")), "text"),
        Column("hour", gettext(N_("Hour")), "text"),
        measures.column("issued"),
    )
    rows = (
        Row((write.weekday(day), heat.clock(hour), count))
        for (day, hour), count in sorted(values.items())
    )
    return Table("week", title, columns, tuple(rows))


def waits(found: Report, write: Writer) -> Picture:
    """How long people waited, by the hour they came."""
    hours = found.by("hour", ["wait"])
    lines = {int(line.value): line for line in hours if isinstance(line.value, int)}
    waited = {hour: line for hour, line in lines.items() if line.figures.wait.count}
    title = gettext(N_("Waits over the day"))
    table = Table(
        "waits",
        title,
        (
            Column("hour", gettext(N_("Hour of arrival")), "text"),
            *map(measures.column, ("issued", "wait_median", "wait_p90", "target_share")),
        ),
        tuple(_wait_row(hour, line.figures) for hour, line in sorted(waited.items())),
    )
    if not waited:
        return Picture(
            "waits", title, gettext(N_("Nobody was called in this period.")), None, table
        )
    shown = range(min(waited), max(waited) + 1)
    worst = max(waited, key=lambda hour: (waited[hour].figures.wait.p90 or 0, -hour))
    says = gettext(
        N_("The longest waits are of those who come at %(hour)s: nine in ten within %(wait)s."),
        hour=heat.clock(worst),
        wait=write.minutes(waited[worst].figures.wait.p90),
    )
    return Picture("waits", title, says, _wait_plot(title, shown, waited, write), table)


def _wait_row(hour: int, figures: Figures) -> Row:
    wait = figures.wait
    return Row((heat.clock(hour), figures.issued, wait.median, wait.p90, figures.target_share))


def _wait_plot(
    title: str, hours: Sequence[int], waited: Mapping[int, Line], write: Writer
) -> Plot | None:
    spreads = [waited[hour].figures.wait if hour in waited else NO_SPREAD for hour in hours]
    series = (
        Series(gettext(N_("half waited at most")), tuple(s.median for s in spreads), "line"),
        Series(gettext(N_("nine in ten at most")), tuple(s.p90 for s in spreads), "dashes"),
    )
    return plot(title, [heat.clock(hour) for hour in hours], series, write.minutes, time=True)


def arrivals(found: Report, asked: Asked, write: Writer) -> Picture:
    """Turns issued day by day, or month by month in a long period."""
    long = asked.period.days > MOST_DAYS
    title = gettext(N_("Turns by month")) if long else gettext(N_("Turns by day"))
    there = {
        line.value: line.figures
        for line in found.by("month" if long else "day", ["wait"])
        if isinstance(line.value, date)
    }
    known = [(when, there.get(when, Figures())) for when in _steps(asked.period, asked.today, long)]
    label = write.month if long else write.day
    columns = (
        Column("month" if long else "day", gettext(N_("Month") if long else N_("Day")), "text"),
        *map(measures.column, ("issued", "served", "wait_median", "target_share")),
    )
    rows = tuple(Row((label(when), *_day_values(figures))) for when, figures in known)
    table = Table("arrivals", title, columns, rows, "issued")
    if not any(figures.issued for _, figures in known):
        return Picture("arrivals", title, gettext(N_("Nobody came in this period.")), None, table)
    series = (Series(measures.column("issued").label, tuple(float(f.issued) for _, f in known)),)
    ticks = [_tick(when, write, long) for when, _ in known]
    chart = plot(title, ticks, series, write.count, names=[label(when) for when, _ in known])
    return Picture("arrivals", title, _peak(known, label, write), chart, table)


def _tick(when: date, write: Writer, long: bool) -> str:
    return write.month_short(when) if long else write.day(when, year=False)


def _day_values(figures: Figures) -> tuple[Any, ...]:
    return figures.issued, figures.served, figures.wait.median, figures.target_share


def _peak(known: Sequence[tuple[date, Figures]], label: Any, write: Writer) -> str:
    when, most = max(known, key=lambda one: one[1].issued)
    open_days = [figures.issued for _, figures in known if figures.issued]
    return gettext(
        N_("The busiest was %(when)s with %(count)s turns; %(mean)s on average when anybody came."),
        when=label(when),
        count=write.count(most.issued),
        mean=write.count(sum(open_days) / len(open_days)),
    )


def _steps(period: Period, today: date, long: bool) -> list[date]:
    """The days or months of the period that are not in the future."""
    last = min(period.last, max(today, period.first))
    days = [period.first + timedelta(days=n) for n in range((last - period.first).days + 1)]
    return sorted({day.replace(day=1) for day in days}) if long else days
