"""The end of the day: people left are noted, desks closed, and nothing is ever deleted."""

from typing import Any

import pytest
import time_machine
from tests.queue.town import Town

from turnero_core import clock as present
from turnero_queue import day_close

DAY_S = 86_400


def close(town: Town) -> int:
    with town.database.write() as session:
        return day_close.close_past_days(session, present.now())


def everybody(town: Town) -> dict[str, dict[str, Any]]:
    """Somebody in every state a day can end with, by state."""
    found = {}
    for verbs in (("start", "park"), ("no-show",), ("start", "finish"), ("start",)):
        ticket = town.take()
        town.called("1")
        for verb in verbs:
            ticket = town.do(verb, ticket)
        found[ticket["state"]] = ticket
    found["called"] = town.take("caja")
    town.called("3")
    found["waiting"] = town.take()
    found["cancelled"] = town.do("cancel", town.take())
    return found


def test_whoever_was_waiting_called_or_parked_is_noted_as_left(
    town: Town, clock: time_machine.Traveller
) -> None:
    people = everybody(town)
    clock.shift(DAY_S)

    assert close(town) == 3

    after = {state: town.ticket(ticket) for state, ticket in people.items()}
    left = {"waiting": "left", "called": "left", "parked": "left"}
    assert {state: ticket["state"] for state, ticket in after.items()} == {
        state: left.get(state, state) for state in people
    }
    for state in left:
        event = after[state]["events"][-1]
        assert (event["kind"], event["actor"]) == ("left", "system:day-close")
        assert after[state]["ended_at"] == event["at"]


def test_nothing_is_deleted_when_the_day_closes(town: Town, clock: time_machine.Traveller) -> None:
    everybody(town)
    before = town.everything()
    clock.shift(DAY_S)
    close(town)

    after = town.everything()
    assert {row["id"] for row in after["ticket"]} == {row["id"] for row in before["ticket"]}
    kept = [event for event in after["ticket_event"] if event in before["ticket_event"]]
    assert len(kept) == len(before["ticket_event"])


def test_closing_twice_changes_nothing_more(town: Town, clock: time_machine.Traveller) -> None:
    everybody(town)
    clock.shift(DAY_S)
    close(town)
    before = town.everything()

    assert close(town) == 0
    assert town.everything() == before


def test_the_present_day_is_never_closed(town: Town, clock: time_machine.Traveller) -> None:
    everybody(town)
    clock.shift(14 * 3600)  # 23:05 in Lima, already tomorrow in UTC
    before = town.everything()

    assert close(town) == 0
    assert town.everything() == before


def test_a_desk_whose_person_left_is_free_and_closed_next_morning(
    town: Town, clock: time_machine.Traveller
) -> None:
    town.take()
    town.called("1")
    clock.shift(DAY_S)
    close(town)

    assert town.get("/offices/centro/desks/1").get_json()["status"] == "closed"
    town.take()
    assert town.call_next("1").status_code == 200


def test_a_desk_left_open_is_closed_although_nobody_was_left(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)
    town.do("finish", rosa)
    town.desk("open", "2")
    town.desk("pause", "2")
    clock.shift(DAY_S)

    assert close(town) == 0
    shown = town.get("/offices/centro/desks").get_json()["desks"]
    assert {desk["status"] for desk in shown} == {"closed"}


def test_a_desk_opened_this_morning_stays_open(town: Town, clock: time_machine.Traveller) -> None:
    town.take()
    town.desk("open", "1")
    clock.shift(DAY_S)
    town.desk("open", "2")

    assert close(town) == 1
    shown = {
        desk["code"]: desk["status"]
        for desk in town.get("/offices/centro/desks").get_json()["desks"]
    }
    assert shown["2"] == "open"


def test_somebody_still_served_overnight_keeps_the_desk_until_finished(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)
    clock.shift(DAY_S)
    close(town)

    assert town.get("/offices/centro/desks/1").get_json()["ticket"]["id"] == rosa["id"]
    assert town.do("finish", rosa)["state"] == "done"


def test_each_office_closes_by_its_own_midnight(town: Town, clock: time_machine.Traveller) -> None:
    town.configure(Office__norte={"timezone": "America/Sao_Paulo"})
    here, there = town.take(office="centro"), town.take(office="norte")
    clock.move_to("2026-03-03T04:00:00+00:00")  # 23:00 in Lima, 01:00 in São Paulo

    assert close(town) == 1
    assert town.ticket(here)["state"] == "waiting"
    assert town.ticket(there)["state"] == "left"


@pytest.mark.parametrize(
    ("state", "verb", "body"),
    [
        ("waiting", "call", {"desk": "2", "reason": "vino ayer"}),
        ("waiting", "transfer", {"service": "caja"}),
        ("no_show", "readmit", {}),
        ("parked", "resume", {"desk": "2"}),
        ("called", "recall", {}),
        ("called", "put-back", {}),
    ],
)
def test_a_ticket_of_another_day_does_not_come_back(
    town: Town, clock: time_machine.Traveller, state: str, verb: str, body: dict[str, str]
) -> None:
    ticket = everybody(town)[state]
    clock.shift(DAY_S)
    before = town.everything()

    refused = town.verb(verb, ticket, **body)

    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/another-day")
    assert town.everything() == before


def test_yesterdays_people_are_not_in_todays_queue(
    town: Town, clock: time_machine.Traveller
) -> None:
    town.take()
    clock.shift(DAY_S)
    julio = town.take()

    assert [entry["id"] for entry in town.queue()] == [julio["id"]]
    assert julio["people_ahead"] == 0
    assert town.called("1")["id"] == julio["id"]
