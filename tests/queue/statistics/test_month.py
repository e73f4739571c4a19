"""After a month of turns every figure is what another computation makes of the events."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from tests.effort import effort
from tests.queue import factories
from tests.queue.statistics import independent

from turnero_core.db import Database
from turnero_queue import catalogue, models, statistics
from turnero_queue.statistics import DIMENSIONS, Figures, Query, updating
from turnero_queue.statistics.figures import NO_SPREAD
from turnero_queue.statistics.report import PARTS, Part
from turnero_server.demo import past

TICKETS = effort(3_000, 40_000)
DAYS = past.weekdays(date(2026, 4, 17), 22)
FILTERS = {
    "service": "services",
    "desk": "desks",
    "staff": "staff",
    "priority": "priorities",
    "origin": "origins",
    "hour": "hours",
    "weekday": "weekdays",
}
# What figures say where a part is not asked for.
PARTLY: dict[Part, dict[str, Any]] = {
    "wait": {"wait": NO_SPREAD},
    "attention": {"service": NO_SPREAD},
    "desks": dict.fromkeys(("open_s", "paused_s", "serving_s", "attentions")),
}
OF_DESKS = ("office", "desk", "staff", "hour", "weekday", "day", "month")


class Month:
    """A city with a month behind it, and that month worked out independently."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            configure(session)
        past.fill(database, TICKETS, DAYS)
        with database.write() as session:
            self.take_in(session)
        with database.read() as session:
            self.offices = catalogue.current(session).offices
            self.people = independent.people(session)
            self.hours = independent.hours(session)

    def take_in(self, session: Any) -> None:
        configured = catalogue.current(session)
        for office in configured.offices:
            updating.advance(session, configured, office, 10**9)

    def ask(self, first: date = DAYS[0], last: date = DAYS[-1], **filters: Any) -> Any:
        """The tables of every dimension, with the totals, as the product has them."""
        offices = filters.pop("offices", self.offices)
        with self.database.read() as session:
            found = statistics.report(session, Query(offices, first, last, **filters))
            tables = {
                dimension: {row.key: row.figures for row in found.by(dimension)}
                for dimension in DIMENSIONS
            }
            return found.totals, tables, found.heat_map(), found.funnel()


def configure(session: Any) -> None:
    """Three offices of five desks; one where the clock changes during the month."""
    factories.create_municipality(session)
    services = [factories.create_service(session, code) for code in ("rentas", "catastro", "caja")]
    factories.create_priority(session, "standard", 0)
    factories.create_priority(session, "preferential", 45)
    for code, zone in (("centro", None), ("norte", None), ("sur", "America/Santiago")):
        office = factories.create_office(session, code, services, timezone=zone)
        for desk in "12345":
            factories.create_desk(session, office, desk, services)


@pytest.fixture(scope="module")
def month(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    file = tmp_path_factory.mktemp("month") / "turnero.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{file}")
    yield Month(database)
    database.dispose()


def expected(month: Month, dimension: str | None, **kept: Any) -> dict[str, Figures]:
    """Of what `kept` keeps, by the dimension; desk hours where a selection has them."""

    def is_kept(where: dict[str, Any]) -> bool:
        return all(where[name] in values for name, values in kept.items())

    some = [one for one in month.people if is_kept(one.where)]
    narrowed = any(name in kept for name in ("service", "priority", "origin"))
    has_hours = not narrowed and (dimension is None or dimension in OF_DESKS)
    hours = [hour for hour in month.hours if is_kept(hour.where)] if has_hours else []
    if dimension is None:
        return {"": independent.figures(some, hours if has_hours else None)}
    groups, times = independent.by(dimension, some), independent.by(dimension, hours)
    return {
        str(value): independent.figures(groups[value], times[value] if has_hours else None)
        for value in groups.keys() | times.keys()
    }


def test_a_month_holds_everything_that_can_happen(month: Month) -> None:
    totals, tables, heat, funnel = month.ask()

    assert totals.issued >= TICKETS * 0.9
    for name, value in vars(totals).items():
        assert value or name in ("answers", "satisfied"), name
    assert totals.there > 0
    assert {key for key, row in tables["weekday"].items() if row.issued} == set("01234")
    assert heat.most == max(
        len(some)
        for _, people in independent.by("weekday", month.people).items()
        for some in independent.by("hour", people).values()
    )
    assert [step.count for step in funnel] == [totals.issued, totals.with_target, totals.served]


def test_every_figure_of_every_table_is_what_the_events_tell(month: Month) -> None:
    totals, tables, _, _ = month.ask()

    assert totals == expected(month, None)[""]
    for dimension in DIMENSIONS:
        found, right = tables[dimension], expected(month, dimension)
        if dimension == "desk":
            # Those not called to any desk have a row in each office.
            del found[""], right[""]
        assert found == right, dimension


@pytest.mark.parametrize("dimension", FILTERS)
def test_every_filter_gives_what_the_events_tell_and_adds_up(month: Month, dimension: str) -> None:
    values = sorted({one.where[dimension] for one in month.people}, key=str)
    for value in values if len(values) < 9 else values[:3]:
        totals, tables, _, _ = month.ask(**{FILTERS[dimension]: [value]})
        ends = (totals.served, totals.left, totals.cancelled, totals.no_show, totals.there)
        assert totals.issued == sum(ends)
        assert totals == expected(month, None, **{dimension: [value]})[""]
        for other in ("office", "service", "staff", "hour"):
            assert tables[other] == expected(month, other, **{dimension: [value]}), other


@pytest.mark.parametrize("parts", [(), ("wait",), PARTS])
def test_what_is_asked_for_first_and_what_is_left_out_change_no_figure(
    month: Month, parts: Sequence[Part]
) -> None:
    everything, tables, heat, _ = month.ask()
    left_out: dict[str, Any] = {
        name: value
        for part, names in PARTLY.items()
        if part not in parts
        for name, value in names.items()
    }
    query = Query(month.offices, DAYS[0], DAYS[-1])
    for dimension in DIMENSIONS:
        with month.database.read() as session:
            found = statistics.report(session, query)
            rows = {row.key: row.figures for row in found.by(dimension, parts)}
            assert found.totals == everything, dimension
        some = {key: replace(row, **left_out) for key, row in tables[dimension].items()}
        # Desks that were open while nobody came.
        assert rows == {key: row for key, row in some.items() if row.issued or key in rows}
    with month.database.read() as session:
        counts = statistics.report(session, query).heat_map(waits=False)
    assert (counts.most, counts.hours) == (heat.most, heat.hours)


def test_filters_together_and_a_part_of_the_month(month: Month) -> None:
    first, last = DAYS[3], DAYS[9]
    kept = {"hour": [9, 10, 11], "weekday": [0, 2], "staff": ["centro-1a", "centro-1b", "sur-2a"]}
    asked = {FILTERS[name]: values for name, values in kept.items()}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    totals, tables, _, _ = month.ask(first, last, **asked)

    assert totals.issued > 0
    assert totals == expected(month, None, day=days, **kept)[""]
    assert tables["day"] == expected(month, "day", day=days, **kept)


def test_one_office_has_nothing_of_the_others(month: Month) -> None:
    totals, tables, _, _ = month.ask(offices=[month.offices[1]])

    assert totals == expected(month, None, office=["norte"])[""]
    assert set(tables["office"]) == {"norte"}


def test_what_is_stored_equals_a_rebuild_also_after_late_changes(month: Month) -> None:
    with month.database.write() as session:
        configured = catalogue.current(session)
        assert all(differences(session, configured, office) == [] for office in configured.offices)
        before = stored(session)
        for office in configured.offices:
            for span in updating.spans(session, office):
                updating.rebuild(session, configured, office, *span)
        assert stored(session) == before
        session.rollback()


def test_one_altered_figure_is_found_and_named(month: Month) -> None:
    with month.database.write() as session:
        configured = catalogue.current(session)
        office = configured.office("norte")
        mine = (models.StatisticHour.office_id == office.id, models.StatisticHour.day == DAYS[4])
        one = session.scalars(select(models.StatisticHour).where(*mine).limit(1)).one()
        session.execute(
            update(models.StatisticHour)
            .where(*mine, models.StatisticHour.hour == one.hour)
            .values(wait_s=models.StatisticHour.wait_s + 1)
        )
        (found,) = differences(session, configured, office)
        assert (found.table, found.column) == ("statistic_hour", "wait_s")
        assert found.stored == found.derived + 1
        assert found.key.startswith(f"{DAYS[4]}, {one.hour}")
        session.rollback()


def differences(session: Any, configured: Any, office: Any) -> list[updating.Difference]:
    spans = updating.spans(session, office)
    found = (updating.verify(session, configured, office, *span) for span in spans)
    return [difference for difference in found if difference is not None]


def stored(session: Any) -> dict[str, list[Any]]:
    tables = ("statistic_day", "statistic_hour", "statistic_desk", "statistic_progress")
    return {
        table: sorted(map(repr, session.execute(text(f"SELECT * FROM {table}"))))  # noqa: S608
        for table in tables
    }
