"""Appointments over HTTP, as docs/api.md describes them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from tests.queue.appointments.agenda import MONDAY, TUESDAY, Agenda, given, lima

START = "2026-03-03T14:00:00Z"


def booking(**overrides: Any) -> dict[str, Any]:
    return {"office": "centro", "services": ["rentas"], "start": START, **overrides}


def test_a_place_is_held_confirmed_moved_and_given_up(agenda: Agenda) -> None:
    town = agenda.town
    free = town.get("/offices/centro/slots?service=rentas&from=2026-03-03&to=2026-03-03").get_json()
    assert free["slots"][0] == {
        "start": "2026-03-03T13:00:00Z",
        "end": "2026-03-03T13:15:00Z",
        "seats_left": 2,
    }
    assert len(free["slots"]) == 28
    held = town.post("/appointments", booking())
    assert held.status_code == 201
    body = held.get_json()
    assert (body["state"], body["start"], body["end"]) == ("held", START, "2026-03-03T14:15:00Z")
    assert body["expires_at"] == "2026-03-02T14:15:00.000Z"
    link = f"/appointments/{body['token']}"
    done = town.post(f"{link}/confirm", {"contact": {"email": "rosa@example.com"}}).get_json()
    assert (done["state"], done["expires_at"], done["code"]) == ("confirmed", None, body["code"])
    assert town.get(link).get_json()["contact"]["email"] == "rosa@example.com"
    moved = town.post(f"{link}/reschedule", {"start": "2026-03-03T15:00:00Z"}).get_json()
    assert (moved["start"], moved["sequence"]) == ("2026-03-03T15:00:00Z", 1)
    assert moved["code"] == body["code"]
    assert town.post(f"{link}/cancel", {}).get_json()["state"] == "cancelled"
    again = town.post(f"{link}/cancel", {})
    assert (again.status_code, again.get_json()["type"]) == (409, "/problems/appointment-over")
    gone = town.get(link).get_json()
    assert (gone["state"], gone["contact"]) == ("cancelled", None)
    assert agenda.left(lima(TUESDAY, 10)) == 2


def test_checking_in_gives_the_ticket(small_agenda: Agenda, clock: time_machine.Traveller) -> None:
    town = small_agenda.town
    booked = small_agenda.book(lima(MONDAY, 11))
    clock.move_to(lima(MONDAY, 10, 50))
    answer = town.post(f"/appointments/{booked.token}/check-in", {})
    ticket = answer.get_json()
    assert answer.status_code == 200
    assert (ticket["code"], ticket["origin"], ticket["arrival"]) == ("R001", "appointment", "early")
    assert ticket["due_at"] == "2026-03-02T16:00:00.000Z"
    assert ticket["appointment"]["ticket_id"] == ticket["id"]
    assert town.queue()[0]["why"].startswith("R001: appointment at 11:00")


def test_an_hour_that_is_full_answers_with_the_next_ones(small_agenda: Agenda) -> None:
    small_agenda.prepare(given(seats=1))
    town = small_agenda.town
    assert town.post("/appointments", booking()).status_code == 201
    refused = town.post("/appointments", booking())
    body = refused.get_json()
    assert (refused.status_code, body["type"]) == (409, "/problems/slot-full")
    assert body["next"][0] == {
        "start": "2026-03-03T14:15:00.000Z",
        "end": "2026-03-03T14:30:00.000Z",
    }
    closed = town.post("/appointments", booking(start="2026-03-08T14:00:00Z"))
    assert (closed.status_code, closed.get_json()["type"]) == (409, "/problems/slot-unavailable")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"start": "2026-03-03T14:05:00Z"}, 422, "invalid"),
        ({"start": "2026-03-01T14:00:00Z"}, 422, "invalid"),
        ({"start": "2027-03-03T14:00:00Z"}, 422, "invalid"),
        ({"start": "9999-12-31T23:59:59-14:00"}, 422, "invalid"),
        ({"start": "2026-03-03T14:00:00"}, 422, "invalid"),
        ({"start": "soon"}, 422, "invalid"),
        ({"services": []}, 422, "invalid"),
        ({"services": [{"service": "rentas", "quantity": 0}]}, 422, "invalid"),
        ({"services": [{"service": "rentas", "quantity": True}]}, 422, "invalid"),
        ({"services": [7]}, 422, "invalid"),
        ({"services": ["caja"]}, 409, "service-not-offered"),
        ({"services": ["nada"]}, 404, "not-found"),
        ({"office": "nada"}, 404, "not-found"),
        ({"office": "norte", "services": ["catastro"]}, 409, "service-not-offered"),
        ({"contact": {"email": "rosa@"}}, 422, "invalid"),
        ({"contact": {"phone": "call me"}}, 422, "invalid"),
        ({"contact": {"name": "a\u0000b"}}, 422, "invalid"),
        ({"more": 1}, 422, "invalid"),
    ],
)
def test_what_cannot_be_booked_is_refused_and_changes_nothing(
    small_agenda: Agenda, body: dict[str, Any], status: int, kind: str
) -> None:
    before = small_agenda.town.everything()
    answer = small_agenda.town.post("/appointments", booking(**body))
    assert (answer.status_code, answer.get_json()["type"]) == (status, f"/problems/{kind}")
    assert small_agenda.town.everything() == before


@pytest.mark.parametrize(
    "query",
    ["", "service=", "service=rentas&from=tomorrow", "service=rentas&from=9999-12-31"],
)
def test_a_bad_question_for_slots_names_its_field(small_agenda: Agenda, query: str) -> None:
    answer = small_agenda.town.get(f"/offices/centro/slots?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_a_forged_token_and_another_offices_token_open_nothing(small_agenda: Agenda) -> None:
    town = small_agenda.town
    booked = small_agenda.book(lima(TUESDAY, 9))
    elsewhere = town.create_token("appointments", office="norte")
    for verb in ("confirm", "cancel", "check-in"):
        forged = town.post(f"/appointments/{booked.token}x/{verb}", {})
        assert (forged.status_code, forged.get_json()["type"]) == (404, "/problems/not-found")
        other = town.post(f"/appointments/{booked.token}/{verb}", {}, token=elsewhere)
        assert other.status_code == 403
    assert town.post("/appointments", booking(), token=None).status_code == 401
    wrong = town.create_token("tickets")
    assert town.post("/appointments", booking(), token=wrong).status_code == 403
    assert small_agenda.reread(booked).state == "confirmed"


def test_a_booking_sent_twice_is_one_booking(agenda: Agenda) -> None:
    headers = {"Idempotency-Key": "rosa-1"}
    first = agenda.town.post("/appointments", booking(), headers=headers)
    second = agenda.town.post("/appointments", booking(), headers=headers)
    assert second.get_json() == first.get_json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert agenda.left(lima(TUESDAY, 9)) == 1


def test_programs_hold_no_more_for_one_client_than_the_office_allows(
    small_agenda: Agenda, clock: time_machine.Traveller
) -> None:
    town = small_agenda.town
    town.configure(Office__centro={"rules": {"appointment_holds_per_address": 2}})
    for _ in range(2):
        town.post("/appointments", booking(client="198.51.100.1"))
    refused = town.post("/appointments", booking(client="198.51.100.1"))
    assert (refused.status_code, refused.get_json()["type"]) == (429, "/problems/too-many-holds")
    start = "2026-03-03T15:00:00Z"
    assert town.post("/appointments", booking(client="x", start=start)).status_code == 201
    clock.shift(timedelta(minutes=10))
    assert town.post("/appointments", booking(client="198.51.100.1")).status_code == 201


def test_who_finds_a_day_full_waits_for_a_place(small_agenda: Agenda) -> None:
    body = {
        "office": "centro",
        "services": ["rentas"],
        "from": "2026-03-03",
        "contact": {"email": "luis@example.com"},
    }
    answer = small_agenda.town.post("/waiting-list", body)
    assert answer.status_code == 201
    assert answer.get_json()["state"] == "waiting"
    assert small_agenda.town.post("/waiting-list", {**body, "contact": {}}).status_code == 422


def test_the_document_describes_every_call(small_agenda: Agenda) -> None:
    paths = small_agenda.town.get("/openapi.json", token=None).get_json()["paths"]
    for verb in ("confirm", "cancel", "reschedule", "check-in"):
        assert f"/api/v1/appointments/{{token}}/{verb}" in paths
    assert "/api/v1/offices/{office}/slots" in paths
