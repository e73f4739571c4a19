"""What the database itself refuses, should anything ever go around the domain."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError
from tests.queue.town import Town

from turnero_core.ids import new_id, new_secret
from turnero_queue import models
from turnero_queue.models import Desk, DeskService, Ticket

AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


def copy_of(ticket: dict[str, Any], town: Town, **overrides: Any) -> dict[str, Any]:
    """The columns of another ticket like this one, with a free number unless told."""
    row = next(row for row in town.everything()["ticket"] if row["id"] == ticket["id"])
    fresh = {"id": new_id(), "public_token": new_secret(), "number": row["number"] + 1000}
    return row | fresh | overrides


def refused(town: Town, statement: Any) -> None:
    before = town.everything()
    with pytest.raises(IntegrityError), town.database.write() as session:
        session.execute(statement)
    assert town.everything() == before


def test_a_number_exists_once_per_office_day_and_prefix(town: Town) -> None:
    rosa = town.take()

    refused(town, insert(Ticket).values(copy_of(rosa, town, number=rosa["number"])))


@pytest.mark.parametrize("difference", ["prefix", "business_day", "office_id"])
def test_the_same_number_may_exist_elsewhere(town: Town, difference: str) -> None:
    rosa = town.take()
    norte = town.office("norte").id
    other = {
        "prefix": "X",
        "business_day": town.row(rosa).business_day + timedelta(days=1),
        "office_id": norte,
    }
    values = copy_of(rosa, town, number=rosa["number"], **{difference: other[difference]})

    with town.database.write() as session:
        session.execute(insert(Ticket).values(values))

    assert len(town.everything()["ticket"]) == 2


@pytest.mark.parametrize("state", ["called", "serving"])
def test_a_desk_never_has_two_people(town: Town, state: str) -> None:
    rosa, julio = town.take(), town.take()
    town.called("1")
    desk = town.row(rosa).desk_id
    since = AT if state == "serving" else None
    values = {"state": state, "desk_id": desk, "serving_since": since}

    refused(town, update(Ticket).where(Ticket.id == julio["id"]).values(**values))


def test_a_desk_may_have_one_person_and_several_parked(town: Town) -> None:
    for _ in range(2):
        town.take()
        ticket = town.called("1")
        town.do("start", ticket)
        town.do("park", ticket)
    town.take()

    assert town.called("1")["code"] == "R003"


@pytest.mark.parametrize(
    "values",
    [
        {"state": "asleep"},
        {"number": 0},
        {"number": -1},
        {"state": "called", "desk_id": None},
        {"state": "serving", "desk_id": None, "serving_since": AT},
        {"state": "waiting", "serving_since": AT},
        {"state": "done", "ended_at": None},
        {"state": "cancelled", "ended_at": None},
        {"state": "left", "ended_at": None},
        {"state": "waiting", "ended_at": AT},
    ],
    ids=str,
)
def test_a_ticket_that_contradicts_itself_cannot_be_stored(
    town: Town, values: dict[str, Any]
) -> None:
    rosa = town.take()

    refused(town, insert(Ticket).values(copy_of(rosa, town, **values)))


@pytest.mark.parametrize(
    "statement",
    [
        update(models.Service).values(duration_minutes=0),
        update(models.Service).values(target_wait_minutes=-1),
        update(models.Service).values(fee_minor=-1),
        update(models.Service).values(channel="by_owl"),
        update(models.Priority).values(head_start_minutes=-1),
        update(Desk).values(status="asleep"),
        update(DeskService).values(handicap_minutes=-1),
        text("INSERT INTO ticket_counter VALUES ('nowhere', '2026-03-02', 'R', 1)"),
        text("DELETE FROM office"),
        text("DELETE FROM service"),
    ],
    ids=lambda statement: str(statement)[:60],
)
def test_a_configuration_that_makes_no_sense_cannot_be_stored(town: Town, statement: Any) -> None:
    town.take()

    refused(town, statement)


def test_an_event_number_exists_once_per_office(town: Town) -> None:
    town.take()
    event = town.everything()["ticket_event"][0]

    refused(town, insert(models.TicketEvent).values(event | {"id": new_id()}))


def test_a_conflict_that_only_the_database_sees_is_a_409_for_the_caller(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from turnero_queue import issuing

    town.take()
    monkeypatch.setattr(issuing, "_next_number", lambda *_: 1)
    before = town.everything()

    answer = town.post("/offices/centro/tickets", {"service": "rentas"})

    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert town.everything() == before


def test_a_move_of_somebody_quicker_is_a_conflict_and_writes_nothing(town: Town) -> None:
    from turnero_core.errors import Conflict
    from turnero_queue import moves

    rosa = town.take()
    before = town.everything()

    def twice() -> None:
        with town.holding() as (session, moment, _):
            ticket = session.get_one(Ticket, rosa["id"])
            session.execute(
                text("UPDATE ticket SET state = 'no_show' WHERE id = :id"), {"id": rosa["id"]}
            )
            moves.move(session, moment, ticket, "cancel", "test:marta", ended_at=moment.at)

    with pytest.raises(Conflict) as refusal:
        twice()

    assert refusal.value.slug == "illegal-transition"
    assert town.everything() == before
