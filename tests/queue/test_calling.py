"""Calling: the next, this one, once more; what a desk may and may not do."""

import pytest
import time_machine
from tests.queue.town import Town


def test_nobody_waiting_is_204_and_still_opens_the_desk(town: Town) -> None:
    answer = town.call_next("1")

    assert answer.status_code == 204
    assert answer.get_data() == b""
    assert town.desk("open", "1")["status"] == "open"


def test_people_are_called_in_the_order_that_the_queue_shows(
    town: Town, clock: time_machine.Traveller
) -> None:
    for service, priority in [
        ("rentas", None),
        ("catastro", None),
        ("rentas", "preferential"),
        ("catastro", None),
    ]:
        town.take(service, **({"priority": priority} if priority else {}))
        clock.shift(30)
    shown = [entry["code"] for entry in town.queue()]

    called = [town.called("1", finish_current=True)["code"] for _ in shown]

    assert called == shown == ["R003", "R001", "R002", "R004"]


def test_the_call_says_why(town: Town, clock: time_machine.Traveller) -> None:
    town.take(priority="preferential")
    shown = town.queue()[0]["why"]
    answer = town.call_next("1").get_json()

    assert answer["why"] == shown
    assert "09:05" in answer["why"]
    assert "08:20" in answer["why"]
    last = town.ticket(answer["ticket"])["events"][-1]
    assert last["data"]["why"] == answer["why"]


def test_a_called_ticket_has_its_desk_one_call_and_no_place_in_the_queue(town: Town) -> None:
    rosa = town.take()
    called = town.called("1")

    assert (called["id"], called["state"], called["desk"], called["calls"]) == (
        rosa["id"],
        "called",
        "1",
        1,
    )
    assert (called["position"], called["people_ahead"]) == (0, 0)
    assert town.queue() == []


def test_a_desk_that_has_somebody_cannot_call(town: Town) -> None:
    rosa, _julio = town.take(), town.take()
    town.called("1")
    for state in ("called", "serving"):
        before = town.everything()

        answer = town.call_next("1")

        problem = answer.get_json()
        assert (answer.status_code, problem["type"]) == (409, "/problems/desk-busy")
        assert (problem["state"], problem["ticket_id"]) == (state, rosa["id"])
        assert town.everything() == before
        if state == "called":
            town.do("start", rosa)


def test_two_desks_never_call_the_same_person(town: Town) -> None:
    town.take("rentas")

    assert town.call_next("1").status_code == 200
    assert town.call_next("2").status_code == 204


@pytest.mark.parametrize("status", ["close", "pause"])
def test_calling_opens_a_desk_that_was_closed_or_paused(town: Town, status: str) -> None:
    town.desk("open", "1")
    town.desk(status, "1")
    town.take()
    town.called("1")

    shown = town.get("/offices/centro/desks/1").get_json()
    assert (shown["status"], shown["ticket"]["code"]) == ("open", "R001")


def test_a_desk_with_somebody_cannot_close_but_may_pause(town: Town) -> None:
    town.take()
    town.called("1")

    refused = town.post("/offices/centro/desks/1/close")

    assert refused.get_json()["type"] == "/problems/desk-busy"
    assert town.desk("pause", "1")["status"] == "paused"


def test_opening_an_open_desk_changes_nothing(town: Town) -> None:
    town.desk("open", "1")
    before = town.everything()
    town.desk("open", "1")

    assert town.everything() == before


# finish_current


def test_finish_current_ends_whoever_is_served_and_calls_the_next(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa, julio = town.take(), town.take()
    town.called("1")
    town.do("start", rosa)
    clock.shift(300)

    assert town.called("1", finish_current=True)["id"] == julio["id"]
    done = town.ticket(rosa)
    assert (done["state"], done["outcome"], done["served_s"]) == ("done", "resolved", 300)


def test_finish_current_ends_somebody_whose_attention_nobody_started(town: Town) -> None:
    rosa = town.take()
    town.called("1")

    assert town.call_next("1", finish_current=True).status_code == 204
    assert town.kinds(rosa) == ["issued", "called", "started", "finished"]


def test_finish_current_sends_a_visit_of_several_on_to_its_next_service(town: Town) -> None:
    rosa = town.take("rentas", also=["caja"])
    town.called("1")
    town.do("start", rosa)

    assert town.call_next("1", finish_current=True).status_code == 204
    now = town.ticket(rosa)
    assert (now["state"], now["service"], now["services_remaining"]) == (
        "waiting",
        "caja",
        ["caja"],
    )
    assert town.called("3")["id"] == rosa["id"]


def test_finish_current_ends_somebody_left_at_the_desk_overnight_as_pending(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take("rentas", also=["caja"])
    town.called("1")
    town.do("start", rosa)
    clock.shift(86_400)

    assert town.call_next("1", finish_current=True).status_code == 204
    done = town.ticket(rosa)
    assert (done["state"], done["outcome"]) == ("done", "pending")


def test_finish_current_on_a_free_desk_just_calls(town: Town) -> None:
    town.take()

    assert town.called("1", finish_current=True)["code"] == "R001"


# Call this one.


def test_calling_somebody_out_of_order_needs_a_reason_and_keeps_it(town: Town) -> None:
    town.take()
    julio = town.take()

    for reason in (None, "", "   "):
        body = {"desk": "1"} | ({} if reason is None else {"reason": reason})
        refused = town.verb("call", julio, **body)
        assert refused.status_code == 422
        assert list(refused.get_json()["errors"]) == ["reason"]
    called = town.do("call", julio, desk="1", reason="Se siente mal")

    assert (called["state"], called["desk"]) == ("called", "1")
    event = town.ticket(julio)["events"][-1]
    assert (event["reason"], event["actor"]) == ("Se siente mal", "token:kiosk")
    assert event["data"] == {"out_of_order": True}


def test_calling_somebody_without_a_desk_says_so(town: Town) -> None:
    refused = town.verb("call", town.take(), reason="Se siente mal")

    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == ["desk"]


def test_a_busy_desk_cannot_call_anybody_out_of_order_either(town: Town) -> None:
    town.take()
    julio = town.take()
    town.called("1")
    before = town.everything()

    refused = town.verb("call", julio, desk="1", reason="Se siente mal")

    assert refused.get_json()["type"] == "/problems/desk-busy"
    assert town.everything() == before


# Secondary services.


def test_a_desk_calls_its_own_service_before_a_secondary_one(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take("rentas")
    clock.shift(14 * 60)
    julio = town.take("licencias")

    assert town.called("2")["id"] == julio["id"]
    answer = town.call_next("2", finish_current=True).get_json()
    assert answer["ticket"]["id"] == rosa["id"]
    assert "15" in answer["why"]


def test_a_handicap_is_only_so_many_minutes(town: Town, clock: time_machine.Traveller) -> None:
    rosa = town.take("rentas")
    clock.shift(16 * 60)
    town.take("licencias")

    assert town.called("2")["id"] == rosa["id"]


def test_a_desk_never_calls_a_service_it_does_not_attend(town: Town) -> None:
    town.take("caja")

    assert town.call_next("1").status_code == 204
    assert town.call_next("2").status_code == 204
    assert town.call_next("3").status_code == 200


# Calling again.


def test_every_recall_counts_and_is_told(town: Town, clock: time_machine.Traveller) -> None:
    rosa = town.take()
    town.called("1")
    for count in (2, 3):
        clock.shift(20)
        assert town.do("recall", rosa)["calls"] == count
    assert town.kinds(rosa) == ["issued", "called", "recalled", "recalled"]


def test_a_no_show_needs_as_many_calls_as_the_office_asks_for(town: Town) -> None:
    town.configure(Office__centro={"rules": {"no_show_after_calls": 3}})
    rosa = town.take()
    town.called("1")
    town.do("recall", rosa)
    before = town.everything()

    refused = town.verb("no-show", rosa)

    problem = refused.get_json()
    assert (refused.status_code, problem["type"]) == (409, "/problems/too-few-calls")
    assert (problem["state"], problem["calls"], problem["needed"]) == ("called", 2, 3)
    assert town.everything() == before
    town.do("recall", rosa)
    assert town.do("no-show", rosa)["state"] == "no_show"


def test_a_no_show_frees_the_desk(town: Town) -> None:
    rosa, julio = town.take(), town.take()
    town.called("1")
    town.do("no-show", rosa)

    assert town.called("1")["id"] == julio["id"]


def test_a_new_call_counts_from_one_again(town: Town) -> None:
    rosa = town.take()
    town.called("1")
    town.do("recall", rosa)
    town.do("put-back", rosa)

    assert town.called("1")["calls"] == 1


@pytest.mark.parametrize(
    ("verb", "body"), [("recall", {}), ("start", {}), ("no-show", {}), ("transfer", {})]
)
def test_a_desk_cannot_act_on_somebody_at_another_desk(
    town: Town, verb: str, body: dict[str, str]
) -> None:
    rosa = town.take()
    town.called("1")
    before = town.everything()

    refused = town.verb(verb, rosa, desk="2", **body)

    assert refused.get_json()["type"] == "/problems/other-desk"
    assert town.everything() == before
