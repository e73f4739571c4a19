"""The OpenAPI document says of every call who may ask it and how, so that a client can be made."""

import re
from typing import Any

import pytest
from tests.queue.town import Town

TICKETS = "/api/v1/offices/{office}/tickets"


@pytest.fixture
def paths(small_town: Town) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = small_town.get("/openapi.json", token=None).json["paths"]
    return found


def calls(paths: dict[str, dict[str, Any]]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, item in paths.items()
        for method, operation in item.items()
        if method in ("get", "post", "put")
    ]


def test_every_call_says_what_it_does_and_who_may_ask(paths: dict[str, dict[str, Any]]) -> None:
    described = calls(paths)
    assert len(described) > 45
    for method, path, operation in described:
        assert operation.get("summary"), (method, path)
        assert operation["description"], (method, path)
        assert "security" in operation, (method, path)
        named = set(re.findall(r"{(\w+)}", path))
        declared = {one["name"] for one in paths[path].get("parameters", ()) if one["in"] == "path"}
        assert declared == named, path


def test_the_scopes_are_those_that_are_asked_for(
    small_town: Town, paths: dict[str, dict[str, Any]]
) -> None:
    take = paths[TICKETS]["post"]
    assert (take["description"], take["security"]) == ("Scope: tickets.", [{"token": []}])
    cancel = paths["/api/v1/tickets/{ticket_id}/cancel"]["post"]
    assert cancel["description"] == "Scope: desks or tickets."
    offices = paths["/api/v1/offices"]["get"]
    assert (offices["description"], offices["security"]) == ("Public.", [])
    assert paths["/api/v1/devices/heartbeat"]["post"]["security"] == [{"device_token": []}]
    clerk = small_town.create_token("desks", name="clerk")
    assert small_town.post("/offices/centro/tickets", {}, token=clerk).status_code == 403
    document = small_town.get("/openapi.json", token=None).json
    assert set(document["components"]["securitySchemes"]) == {"token", "device_token"}


def test_a_post_by_token_may_be_repeated_under_a_key(paths: dict[str, dict[str, Any]]) -> None:
    [key] = [one for one in paths[TICKETS]["post"]["parameters"] if one["in"] == "header"]
    assert (key["name"], key["schema"]["maxLength"]) == ("Idempotency-Key", 64)
    assert not paths["/api/v1/offices"]["get"].get("parameters")


def test_streams_and_webhooks_are_in_it_too(paths: dict[str, dict[str, Any]]) -> None:
    hall = paths["/live/offices/{office}"]["get"]["responses"]["200"]["content"]
    assert "text/event-stream" in hall
    assert "/live/desks/{office}/{desk}" in paths
    assert "/live/tickets/{token}" in paths
    assert "post" in paths["/api/v1/webhooks/payments/{provider}"]


def test_the_page_shows_who_may_ask_and_the_answers_in_their_order(small_town: Town) -> None:
    page = small_town.get("/api/docs", token=None).text
    card = page[page.index(f"POST {TICKETS}") :].partition("</section>")[0]
    assert "Scope: tickets." in card
    assert card.index("<code>201</code>") < card.index("<code>422</code>")
    slots = page[page.index("GET /api/v1/offices/{office}/slots") :].partition("</section>")[0]
    assert "<code>service</code>, <code>from</code>, <code>to</code>" in slots
