"""After the call: put back, readmit, park, transfer, visits of several services."""

import pytest
import time_machine
from tests.queue.town import Town


def place(town: Town) -> list[str]:
    return [entry["code"] for entry in town.queue()]


def test_somebody_put_back_has_the_same_place_and_no_desk(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.shift(60)
    town.take()
    town.called("1")
    clock.shift(600)
    again = town.do("put-back", rosa, reason="llamado por error")

    assert place(town) == ["R001", "R002"]
    assert again["due_at"] == rosa["due_at"]
    assert (again["desk"], again["calls"], again["called_at"]) == (None, 0, None)
    assert again["position"] == 1


def test_somebody_readmitted_is_behind_the_overdue_and_ahead_of_the_newly_come(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.shift(60)
    town.take()  # R002 is due 20 minutes after this
    town.called("1")
    town.do("no-show", rosa)
    clock.shift(30 * 60)
    town.take()  # R003, due in the future
    again = town.do("readmit", rosa)

    assert place(town) == ["R002", "R001", "R003"]
    assert (again["state"], again["calls"], again["desk"]) == ("waiting", 0, None)


def test_a_transfer_does_not_undo_what_missing_a_call_cost(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take()
    clock.shift(60)
    town.take()
    town.called("1")
    town.do("no-show", rosa)
    clock.shift(30 * 60)
    readmitted = town.do("readmit", rosa)

    moved = town.do("transfer", rosa, service="catastro")

    assert moved["due_at"] == readmitted["due_at"]
    assert place(town) == ["R002", "R001"]


# Transfers.


def test_a_transfer_keeps_number_place_and_the_time_served(
    town: Town, clock: time_machine.Traveller
) -> None:
    rosa = town.take("rentas")
    clock.shift(300)
    town.take("licencias")
    town.called("1")
    town.do("start", rosa)
    clock.shift(240)

    moved = town.do("transfer", rosa, service="licencias", reason="era una licencia")

    assert (moved["code"], moved["service"], moved["state"]) == ("R001", "licencias", "waiting")
    assert (moved["served_s"], moved["desk"], moved["position"]) == (240, None, 1)
    assert town.ticket(rosa)["events"][-1]["data"] == {"service": "licencias", "to_desk": None}
    assert town.called("2")["id"] == rosa["id"]


def test_a_transfer_to_a_desk_waits_for_that_desk_alone(town: Town) -> None:
    rosa = town.take("rentas")
    town.do("transfer", rosa, to_desk="3")

    assert town.call_next("1").status_code == 204
    assert town.called("3")["id"] == rosa["id"]


def test_a_transfer_on_from_a_desk_forgets_that_desk(town: Town) -> None:
    rosa = town.take("rentas")
    town.do("transfer", rosa, to_desk="3")
    town.do("transfer", rosa, service="rentas")

    assert town.call_next("3").status_code == 204
    assert town.called("1")["id"] == rosa["id"]


def test_a_transfer_to_nowhere_is_refused(town: Town) -> None:
    rosa = town.take("rentas")
    before = town.everything()

    refused = town.verb("transfer", rosa)

    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/no-destination")
    assert town.everything() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [({"service": "bodas"}, 404), ({"to_desk": "99"}, 404), ({"to_desk": ""}, 422)],
)
def test_a_transfer_to_what_does_not_exist_is_refused(
    town: Town, body: dict[str, str], status: int
) -> None:
    rosa = town.take("rentas")
    before = town.everything()

    assert town.verb("transfer", rosa, **body).status_code == status
    assert town.everything() == before


def test_a_transfer_to_a_service_of_another_office_is_refused(town: Town) -> None:
    rosa = town.take("rentas", office="norte")

    refused = town.verb("transfer", rosa, service="caja")

    assert refused.get_json()["type"] == "/problems/service-not-offered"


# Park and resume.


def test_time_spent_parked_is_not_time_served(town: Town, clock: time_machine.Traveller) -> None:
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)
    clock.shift(120)
    parked = town.do("park", rosa, reason="fotocopia")
    clock.shift(900)
    town.do("resume", rosa)
    clock.shift(60)

    done = town.do("finish", rosa)

    assert (parked["served_s"], parked["serving_since"]) == (120, None)
    assert done["served_s"] == 180


def test_a_desk_calls_others_while_somebody_is_parked(town: Town) -> None:
    rosa, julio = town.take(), town.take()
    town.called("1")
    town.do("start", rosa)
    town.do("park", rosa)

    assert town.called("1")["id"] == julio["id"]
    before = town.everything()
    refused = town.verb("resume", rosa)
    assert refused.get_json()["type"] == "/problems/desk-busy"
    assert town.everything() == before
    assert town.do("resume", rosa, desk="2")["desk"] == "2"


def test_resuming_opens_the_desk(town: Town) -> None:
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)
    town.do("park", rosa)
    town.desk("close", "1")
    town.do("resume", rosa)

    assert town.get("/offices/centro/desks/1").get_json()["status"] == "open"


# Finish, and visits of several services.


def served(town: Town, *also: str) -> dict[str, str]:
    rosa = town.take("rentas", also=list(also))
    town.called("1")
    return town.do("start", rosa)


def test_a_finished_ticket_says_when_and_how(town: Town, clock: time_machine.Traveller) -> None:
    rosa = served(town)
    clock.shift(61)

    done = town.do("finish", rosa, outcome="pending")

    assert (done["state"], done["outcome"], done["served_s"]) == ("done", "pending", 61)
    assert done["ended_at"] == "2026-03-02T14:06:01.000Z"
    assert town.ticket(rosa)["events"][-1]["data"] == {"outcome": "pending", "services": ["rentas"]}


def test_the_services_given_may_differ_from_the_one_asked_for(town: Town) -> None:
    rosa = served(town)
    town.do("finish", rosa, services_given=["catastro", "caja"])

    assert town.ticket(rosa)["events"][-1]["data"]["services"] == ["catastro", "caja"]


def test_a_service_given_that_does_not_exist_is_refused(town: Town) -> None:
    rosa = served(town)
    before = town.everything()

    assert town.verb("finish", rosa, services_given=["rentas", "bodas"]).status_code == 404
    assert town.everything() == before


def test_a_visit_with_services_to_come_cannot_end_resolved(town: Town) -> None:
    rosa = served(town, "catastro", "caja")
    before = town.everything()

    refused = town.verb("finish", rosa)

    problem = refused.get_json()
    assert (refused.status_code, problem["type"]) == (409, "/problems/services-remaining")
    assert problem["services"] == ["catastro", "caja"]
    assert town.everything() == before
    assert town.do("finish", rosa, outcome="pending")["state"] == "done"


def test_a_visit_is_resolved_when_every_service_was_given(town: Town) -> None:
    rosa = served(town, "catastro")

    assert town.do("finish", rosa, services_given=["rentas", "catastro"])["outcome"] == "resolved"


def test_a_visit_goes_from_service_to_service_under_one_number(town: Town) -> None:
    rosa = town.take("rentas", also=["licencias", "caja"])
    way = []
    for desk in ("1", "2", "3"):
        way.append(town.called(desk)["service"])
        answer = town.call_next(desk, finish_current=True)
        assert answer.status_code == 204

    assert way == ["rentas", "licencias", "caja"]
    done = town.ticket(rosa)
    assert (done["state"], done["code"], done["services_remaining"]) == ("done", "R001", [])


def test_the_same_service_asked_for_twice_is_one(town: Town) -> None:
    rosa = town.take("rentas", also=["caja", "rentas", "caja"])

    assert town.ticket(rosa)["services_remaining"] == ["rentas", "caja"]


def test_notes_are_kept_and_change_nothing_else(town: Town) -> None:
    rosa = town.take(notes="trae expediente")
    before = town.everything("ticket")
    answer = town.post(f"/tickets/{rosa['id']}/notes", {"notes": "falta el DNI\nvuelve a las 11"})

    assert answer.get_json()["notes"] == "falta el DNI\nvuelve a las 11"
    assert town.everything("ticket") == before
