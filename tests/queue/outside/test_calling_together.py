"""Eight desks call from one queue at the same moment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx

WAITING = 200
DESKS = [str(n) for n in range(1, 9)]


def fill(api: httpx.Client, office: str) -> list[str]:
    """A queue of both services and priorities; gives the ids in the order it shows."""
    for n in range(WAITING):
        body = {
            "service": "catastro" if n % 3 == 0 else "rentas",
            "priority": "preferential" if n % 5 == 0 else "standard",
        }
        assert api.post(f"/offices/{office}/tickets", json=body).status_code == 201
    return [ticket["id"] for ticket in queue(api, office)]


def queue(api: httpx.Client, office: str) -> list[dict[str, Any]]:
    tickets: list[dict[str, Any]] = api.get(f"/offices/{office}/queue").json()["tickets"]
    return tickets


def call_next(api: httpx.Client, office: str, desk: str) -> httpx.Response:
    return api.post(f"/offices/{office}/desks/{desk}/call-next", json={"finish_current": True})


def test_each_person_is_called_once_and_in_the_order_that_was_shown(
    api: httpx.Client,
    server: Any,
    office: str,
    at_once: Callable[..., list[Any]],
    listen: Callable[..., Any],
    eventually: Callable[..., None],
) -> None:
    shown = fill(api, office)
    assert len(shown) == WAITING
    hall = listen(server, f"/live/offices/{office}")

    def clerk(desk: str) -> list[str]:
        called = []
        while (answer := call_next(api, office, desk)).status_code == 200:
            called.append(answer.json()["ticket"]["id"])
        assert answer.status_code == 204
        return called

    called = at_once(*(partial(clerk, desk) for desk in DESKS))
    assert sorted(id_ for ids in called for id_ in ids) == sorted(shown)
    eventually(lambda: len(hall.calls()) == WAITING, "every call to be heard")
    heard = [data["ticket_id"] for _, event, data in hall.events if event == "call"]
    assert heard == shown
    ids = [id_ for id_, _, _ in hall.events]
    assert ids == sorted(ids)
    assert queue(api, office) == []


def test_two_clicks_at_one_desk_call_one_person(
    api: httpx.Client, office: str, at_once: Callable[..., list[Any]]
) -> None:
    for _ in range(5):
        api.post(f"/offices/{office}/tickets", json={"service": "rentas"})
    click = partial(api.post, f"/offices/{office}/desks/1/call-next")
    answers = at_once(*[click] * 5)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["type"] == "/problems/desk-busy"
    assert len(queue(api, office)) == 4


def test_one_person_called_by_name_from_four_desks_goes_to_one(
    api: httpx.Client, office: str, at_once: Callable[..., list[Any]]
) -> None:
    ticket = api.post(f"/offices/{office}/tickets", json={"service": "rentas"}).json()

    def call(desk: str) -> httpx.Response:
        body = {"desk": desk, "reason": "wheelchair"}
        return api.post(f"/tickets/{ticket['id']}/call", json=body)

    answers = at_once(*(partial(call, desk) for desk in DESKS[:4]))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["state"] == "called"
