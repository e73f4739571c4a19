"""The weeks before today that a demonstration begins with: whole, believable, made once."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from turnero_core import clock, sealed
from turnero_core.db import Database
from turnero_queue import catalogue, satisfaction, statistics
from turnero_queue.models import Staff, Ticket, TicketEvent
from turnero_queue.statistics import Query, Report, updating
from turnero_server.demo.cast import cast
from turnero_server.demo.municipality import load
from turnero_server.demo.past.filling import fill_in

WEEKS = 2


@pytest.fixture(scope="module")
def city(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("past")
    file = folder / "turnero.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    sealed.use("a-secret-of-the-tests")
    database = Database(f"sqlite:///{file}")
    load(database)
    cast(database, folder)
    assert fill_in(database, WEEKS)
    yield database
    database.dispose()


def report(city: Database, *codes: str) -> Report:
    with city.read() as session:
        offices = [one for one in catalogue.current(session).offices if one.code in codes]
        today = clock.local_date(clock.now(), offices[0].zone)
        return statistics.report(
            session, Query(offices, today - timedelta(weeks=WEEKS), today - timedelta(days=1))
        )


def test_it_is_made_once(city: Database) -> None:
    def count() -> int | None:
        with city.read() as session:
            return session.scalar(select(func.count()).select_from(Ticket))

    before = count()
    assert not fill_in(city, WEEKS)
    assert count() == before


def test_the_days_are_those_on_which_the_office_opened_and_end_yesterday(city: Database) -> None:
    days = {
        code: {int(row.key) for row in report(city, code).by("weekday") if row.figures.issued}
        for code in ("centro", "norte", "mercado")
    }
    assert days["centro"] <= {0, 1, 2, 3, 4, 5}
    assert 5 in days["centro"]
    assert days["norte"] <= {0, 1, 2, 3, 4}
    assert days["mercado"] <= {1, 2, 3, 4, 5, 6}
    with city.read() as session:
        zone = catalogue.current(session).offices[0].zone
        assert session.scalars(select(func.max(Ticket.business_day))).one() < clock.local_date(
            clock.now(), zone
        )


def test_the_figures_are_believable_and_stored_already(city: Database) -> None:
    totals = report(city, "centro", "norte", "mercado").totals
    assert totals.issued > 1000
    assert totals.there == 0, "every day was closed"
    assert 0.8 < totals.served / totals.issued < 0.99
    assert totals.wait.median is not None
    assert 1 <= totals.wait.median < 30
    with city.write() as session:
        assert updating.bring_up_to_date(session, clock.now()) == 0


def test_everybody_who_attended_has_an_account(city: Database) -> None:
    with city.read() as session:
        actors = Counter(session.scalars(select(TicketEvent.actor)))
        logins = {f"staff:{login}" for login in session.scalars(select(Staff.login))}
    staff = {actor for actor in actors if actor.startswith("staff:")}
    assert len(staff) == 12
    assert staff <= logins


def test_some_said_what_they_thought(city: Database) -> None:
    with city.read() as session:
        office = catalogue.current(session).office("centro")
        today = clock.local_date(clock.now(), office.zone)
        since = today - timedelta(weeks=WEEKS)
        found = satisfaction.counts(session, [office.id], since, today)[""]
    assert not found.is_hidden
    assert found.average is not None
    assert found.average > 3
