"""Appointments over HTTP, as docs/api.md describes them."""

from typing import Any

from tests.queue.appointments.agenda import TUESDAY, Agenda, lima

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
    moved = town.post(f"{link}/reschedule", {"start": "2026-03-03T15:00:00Z"}).get_json()
    assert (moved["start"], moved["code"], moved["sequence"]) == (
        "2026-03-03T15:00:00Z",
        body["code"],
        1,
    )
    gone = town.post(f"{link}/cancel", {})
    assert gone.get_json()["state"] == "cancelled"
    again = town.post(f"{link}/cancel", {})
    assert (again.status_code, again.get_json()["type"]) == (409, "/problems/appointment-over")
    assert agenda.left(lima(TUESDAY, 10)) == 2
