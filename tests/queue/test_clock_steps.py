"""The machine's clock: a small step back is borne, a large one stops changes until it is mended."""

from datetime import timedelta

import pytest
import time_machine
from tests.queue.town import Town

from turnero_core import clock as present
from turnero_queue import sequence


def test_a_small_step_back_keeps_the_order_and_the_times_monotone(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.shift(-90)
    julio = town.take()
    clock.shift(30)
    carmen = town.take()

    assert rosa["issued_at"] == julio["issued_at"] == carmen["issued_at"]
    assert [entry["code"] for entry in town.queue()] == ["R001", "R002", "R003"]
    events = sorted(town.everything()["ticket_event"], key=lambda event: event["seq"])
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)


def test_time_goes_on_once_the_clock_has_caught_up(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.shift(-60)
    town.take()
    clock.shift(61)

    assert town.take()["issued_at"] > rosa["issued_at"]


def test_attention_across_a_small_step_back_never_lasts_less_than_nothing(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)
    clock.shift(-100)

    assert town.do("finish", rosa)["served_s"] == 0


def changes(town: Town, rosa: dict[str, str]) -> list[int]:
    """Everything that could change something, by its status."""
    return [
        town.post("/offices/centro/tickets", {"service": "rentas"}).status_code,
        town.call_next("1").status_code,
        town.verb("cancel", rosa).status_code,
        town.post("/offices/centro/desks/1/open").status_code,
    ]


def test_a_large_step_back_is_refused_by_name_and_changes_nothing(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    before = town.everything()
    clock.shift(-121)

    answer = town.post("/offices/centro/tickets", {"service": "rentas"})

    assert answer.status_code == 503
    assert answer.get_json()["type"] == "/problems/clock-behind"
    assert answer.content_type == "application/problem+json"
    assert changes(town, rosa) == [503, 503, 503, 503]
    assert town.everything() == before


def test_a_clock_that_is_behind_can_still_be_read_from(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.shift(-3600)

    assert town.get("/offices/centro/queue").status_code == 200
    assert town.ticket(rosa)["state"] == "waiting"
    assert town.get("/healthz").status_code == 200
    ready = town.get("/readyz")
    assert ready.status_code == 503
    assert any("doctor --accept-clock" in text for text in ready.get_json()["problems"])


def test_another_office_that_saw_no_future_goes_on(
    town: Town, clock: time_machine.Traveller
) -> None:
    town.take(office="centro")
    clock.shift(-3600)

    assert town.post("/offices/norte/tickets", {"service": "rentas"}).status_code == 201


def test_an_accepted_clock_lets_everything_go_on(town: Town, clock: time_machine.Traveller) -> None:
    rosa = town.take()
    clock.shift(-3600)
    with town.database.write() as session:
        assert sequence.clock_problem(session, present.now()) is not None
        sequence.accept_clock(session, present.now())
        assert sequence.clock_problem(session, present.now()) is None

    julio = town.take()

    assert julio["code"] == "R002"
    assert julio["issued_at"] < rosa["issued_at"]


def test_accepting_the_clock_leaves_offices_of_the_past_alone(town: Town) -> None:
    town.take()
    before = town.everything()
    with town.database.write() as session:
        sequence.accept_clock(session, present.now() + timedelta(hours=1))

    assert town.everything() == before


def test_somebody_served_when_the_clock_was_set_back_is_never_served_for_less_than_nothing(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)
    clock.shift(-3600)
    with town.database.write() as session:
        sequence.accept_clock(session, present.now())

    assert town.do("finish", rosa)["served_s"] == 0


@pytest.mark.parametrize(("back_s", "sane"), [(0, True), (119, True), (120, True), (121, False)])
def test_two_minutes_are_the_limit(
    small_town: Town, clock: time_machine.Traveller, back_s: int, sane: bool
) -> None:
    small_town.take()
    clock.shift(-back_s)

    status = small_town.post("/offices/centro/tickets", {"service": "rentas"}).status_code

    assert status == (201 if sane else 503)
