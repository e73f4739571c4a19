"""The simulated day: the offices fill and empty by the same rules as with real people."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import catalogue, desk_view, desks, issuing, sequence
from turnero_queue.issuing import Visit
from turnero_queue.models import Desk, DeskEvent, Ticket, TicketEvent
from turnero_server.demo.day import control as control_module
from turnero_server.demo.day.acts import ACTOR
from turnero_server.demo.day.control import Control
from turnero_server.demo.day.people import CLOSES, HOUR, OPENS
from turnero_server.demo.day.simulation import Simulation, spare_desk, spare_desks
from turnero_server.demo.day.tidying import tidy
from turnero_server.demo.municipality import load

URL = "https://turnos.example"
TWENTY_MINUTES = 20 * 60
LUIS = "staff:ventanilla.centro"


@pytest.fixture
def town(demonstrated: Path, tmp_path: Path) -> Iterator[Database]:
    """The demonstration's offices before anybody has come."""
    file = shutil.copyfile(demonstrated / "turnero.db", tmp_path / "turnero.db")
    database = Database(f"sqlite:///{file}")
    yield database
    database.dispose()


def states(database: Database) -> Counter[str]:
    with database.read() as session:
        rows = session.execute(select(Ticket.state, func.count()).group_by(Ticket.state))
        return Counter(dict(rows.all()))


def statuses(database: Database) -> Counter[str]:
    with database.read() as session:
        return Counter(session.scalars(select(Desk.status)))


def take_desk(database: Database, code: str, office: str = "centro") -> None:
    with database.write() as session:
        place = catalogue.current(session).office(office)
        moment = sequence.hold(session, place.id, clock.now())
        desk_view.take_desk(session, moment, place, place.desk(code), LUIS)


def events_at(database: Database, code: str, office: str = "centro") -> list[str]:
    """Who did what at a desk, in order."""
    with database.read() as session:
        desk = catalogue.current(session).office(office).desk(code)
        found = [
            (row.seq, row.actor)
            for table in (DeskEvent, TicketEvent)
            for row in session.execute(
                select(table.seq, table.actor).where(table.desk_id == desk.id)
            )
        ]
    return [actor for _, actor in sorted(found)]


def test_twenty_minutes_fill_the_offices_and_leave_everybody_somewhere(database: Database) -> None:
    """On both kinds of database."""
    town = database
    load(town)
    day = Simulation(town, URL, seed=7)
    day.run_until(OPENS + TWENTY_MINUTES)
    found = states(town)
    assert day.tally.came == sum(found.values()) > 8
    assert found["done"] == day.tally.attended > 0
    assert found["no_show"] == day.tally.missed
    assert found["cancelled"] == day.tally.gave_up
    with town.read() as session:
        issued = select(func.count()).where(TicketEvent.kind == "issued")
        assert session.scalar(issued) == day.tally.came
        assert set(session.scalars(select(TicketEvent.actor))) == {ACTOR}


def test_the_same_seed_is_the_same_day(town: Database) -> None:
    first = Simulation(town, URL, seed=7)
    first.run_until(OPENS + TWENTY_MINUTES)
    tidy(town)
    second = Simulation(town, URL, seed=7)
    second.run_until(OPENS + TWENTY_MINUTES)
    assert second.tally == first.tally


def test_a_whole_day_ends_by_itself_with_every_desk_closed(town: Database) -> None:
    day = Simulation(town, URL, seed=7)
    day.run_until(CLOSES + 3 * HOUR)
    assert day.over
    assert statuses(town) == {"closed": sum(statuses(town).values())}
    found = states(town)
    assert found["called"] == found["serving"] == found["parked"] == 0
    assert found["done"] > 200
    with town.read() as session:
        kinds = set(session.scalars(select(TicketEvent.kind)))
        preferential = session.scalar(
            select(func.count()).where(
                Ticket.priority_id != catalogue.current(session).priorities[0].id
            )
        )
    assert {"recalled", "no_show", "transferred", "parked", "resumed", "cancelled"} <= kinds
    assert 0.1 < (preferential or 0) / sum(found.values()) < 0.26


def test_stopping_leaves_nobody_waiting_and_no_desk_open(town: Database) -> None:
    Simulation(town, URL, seed=7).run_until(OPENS + TWENTY_MINUTES)
    tidy(town)
    assert set(states(town)) <= {"done", "cancelled", "no_show"}
    assert set(statuses(town)) == {"closed"}
    before = states(town)
    tidy(town)
    assert states(town) == before


def test_stopping_keeps_the_place_of_real_people(town: Database) -> None:
    with town.write() as session:
        found = catalogue.current(session)
        office = found.office("centro")
        moment = sequence.hold(session, office.id, clock.now())
        visit = Visit(found.service("alcabala"), found.priority(None), "es", "kiosk")
        rosa = issuing.issue(session, moment, office, visit, "kiosk:centro").id
    take_desk(town, "1")
    day = Simulation(town, URL, seed=7)
    day.run_until(OPENS + 60)
    tidy(town)
    with town.read() as session:
        assert session.get_one(Ticket, rosa).state != "cancelled"
        assert session.get_one(Ticket, rosa).state in ("waiting", "done")


def test_a_desk_that_somebody_opened_is_never_touched(town: Database) -> None:
    for code in ("2", "7"):
        take_desk(town, code)
    day = Simulation(town, URL, seed=7)
    day.run_until(OPENS + TWENTY_MINUTES)
    tidy(town)
    for code in ("2", "7"):
        assert set(events_at(town, code)) == {LUIS}
    with town.read() as session:
        office = catalogue.current(session).office("centro")
        assert desks.statuses(session, office)[office.desk("2").id] == "open"


def test_a_clerk_gives_way_to_whoever_takes_the_desk(town: Database) -> None:
    day = Simulation(town, URL, seed=7)
    day.run_until(OPENS + TWENTY_MINUTES)
    assert set(events_at(town, "3")) == {ACTOR}
    take_desk(town, "3")
    before = len(events_at(town, "3"))
    day.run_until(OPENS + 2 * TWENTY_MINUTES)
    tidy(town)
    after = events_at(town, "3")[before:]
    assert ACTOR not in after
    with town.read() as session:
        office = catalogue.current(session).office("centro")
        assert desks.statuses(session, office)[office.desk("3").id] == "open"


def test_a_desk_is_left_free_where_others_do_all_its_work(town: Database) -> None:
    with town.read() as session:
        found = catalogue.current(session)
    assert [(office.code, desk.code) for office, desk in spare_desks(found)] == [("centro", "1")]
    assert spare_desk(found.office("norte")) is None
    Simulation(town, URL, seed=7).run_until(OPENS + TWENTY_MINUTES)
    assert events_at(town, "1") == []


def test_an_office_can_be_left_alone(town: Database) -> None:
    Simulation(town, URL, seed=7, skip="norte").run_until(OPENS + TWENTY_MINUTES)
    with town.read() as session:
        norte = catalogue.current(session).office("norte")
        here = select(func.count()).where(Ticket.office_id == norte.id)
        assert session.scalar(here) == 0
    assert sum(states(town).values()) > 0


def test_it_runs_beside_the_server_and_stops_when_told(
    town: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_module, "TICK_S", 0.01)
    day = Control(town)
    assert not day.status().running
    day.start(60, URL)
    day.start(3600, URL)
    end = time.monotonic() + 30
    while day.status().tally.attended < 3 and time.monotonic() < end:
        time.sleep(0.02)
    status = day.status()
    assert status.running
    assert status.speed == 3600
    assert status.tally.attended >= 3
    assert status.clock.startswith(("8:", "9:", "1"))
    day.stop()
    assert not day.status().running
    assert set(statuses(town)) == {"closed"}
    assert set(states(town)) <= {"done", "cancelled", "no_show"}
    day.stop()
