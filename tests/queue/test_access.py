"""Who may use what: every route declares it, and the API keeps to it."""

import re
from typing import Any

import pytest
from tests.queue.town import Town

from turnero_core.web import access
from turnero_queue.tokens import SCOPES

UUID = "01890000-0000-7000-8000-000000000000"
SCOPE = "scope:"


def routes(town: Town) -> list[tuple[str, str, tuple[str, ...]]]:
    """Method, rule and declared access of every route but HEAD and OPTIONS."""
    return [
        (method, rule.rule, access.declared(town.app.view_functions[rule.endpoint]))
        for rule in town.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def closed_api_routes(town: Town) -> list[tuple[str, str, tuple[str, ...]]]:
    """The routes of the API that a token opens."""
    return [
        (method, rule, who)
        for method, rule, who in routes(town)
        if rule.startswith(("/api/", "/live/")) and any(name.startswith(SCOPE) for name in who)
    ]


def address(rule: str, office: str, ticket: dict[str, Any]) -> str:
    filled = re.sub("<uuid:[a-z_]+>", ticket["id"], rule).replace("<office>", office)
    return re.sub(r"<[^>]+>", "1", filled)


def ask(town: Town, method: str, path: str, token: str | None) -> Any:
    kwargs = {"json": {}} if method != "GET" else {}
    return town.ask(method, path, token=token, **kwargs)


def scopes_of(who: tuple[str, ...]) -> set[str]:
    return {name.removeprefix(SCOPE) for name in who if name.startswith(SCOPE)}


def test_every_route_declares_who_may_use_it(small_town: Town) -> None:
    undeclared = [f"{method} {rule}" for method, rule, who in routes(small_town) if not who]

    assert undeclared == []


def test_a_route_is_public_or_closed_but_not_both(small_town: Town) -> None:
    both = [rule for _, rule, who in routes(small_town) if access.PUBLIC in who and len(who) > 1]

    assert both == []


def test_what_routes_ask_for_are_scopes_that_exist(small_town: Town) -> None:
    asked = set().union(*(scopes_of(who) for _, _, who in routes(small_town)))

    assert asked <= set(SCOPES) - {"all"}


def test_only_reading_is_public_in_the_api(small_town: Town) -> None:
    """Signed webhooks and an enrolment's one-time code carry their own proof."""
    own_proof = ("/webhooks/", "/devices/enrol", "/appointments")
    writing = [
        rule
        for method, rule, who in routes(small_town)
        if rule.startswith("/api/") and method != "GET" and access.PUBLIC in who
        if not any(part in rule for part in own_proof)
    ]

    assert writing == []


def test_without_a_token_everything_else_in_the_api_is_401(small_town: Town) -> None:
    ticket = small_town.take()
    closed = closed_api_routes(small_town)
    before = small_town.everything()
    answers = {
        f"{method} {rule}": ask(small_town, method, address(rule, "centro", ticket), None)
        for method, rule, _ in closed
    }

    assert len(answers) >= 20
    assert {key for key, answer in answers.items() if answer.status_code != 401} == set()
    for answer in answers.values():
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert small_town.everything() == before


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic cm9zYTpyb3Nh", "Bearer nonsense", "Token x", "Bearer \xff"],
)
def test_what_is_no_token_is_401(small_town: Town, header: str) -> None:
    headers = {"Authorization": header}
    answer = small_town.ask("GET", "/offices/centro/queue", token=None, headers=headers)

    assert answer.status_code == 401


def test_the_wrong_scope_is_403_everywhere(small_town: Town) -> None:
    ticket = small_town.take()
    tokens = {
        scope: small_town.create_token(scope, name=scope) for scope in SCOPES if scope != "all"
    }
    before = small_town.everything()
    checked = 0
    for method, rule, who in closed_api_routes(small_town):
        for scope, token in tokens.items():
            if scope not in scopes_of(who):
                answer = ask(small_town, method, address(rule, "centro", ticket), token)
                assert (answer.status_code, rule) == (403, rule)
                assert answer.get_json()["type"] == "/problems/forbidden"
                checked += 1
    assert checked > 60
    assert small_town.everything() == before


def test_a_token_of_another_office_is_403_everywhere(small_town: Town) -> None:
    ticket = small_town.take()
    elsewhere = small_town.create_token("all", office="norte")
    before = small_town.everything()
    checked = 0
    for method, rule, _ in closed_api_routes(small_town):
        if "<office>" in rule or "<uuid:ticket_id>" in rule:
            path = address(rule, "centro", ticket)
            body = BODIES.get(rule.rsplit("/", 1)[1], {})
            answer = small_town.ask(method, path, token=elsewhere, json=body)
            assert (answer.status_code, rule) == (403, rule)
            checked += 1
    assert checked >= 18
    assert small_town.everything() == before


# Where an empty body would be refused before anybody looks at the office.
BODIES: dict[str, dict[str, str]] = {"tickets": {"service": "rentas"}, "notes": {"notes": "x"}}


def test_a_token_of_the_office_works_there(town: Town) -> None:
    here = town.create_token("tickets", "desks", office="centro")
    answer = town.post("/offices/centro/tickets", {"service": "rentas"}, token=here)

    assert answer.status_code == 201
    assert town.get("/offices/centro/queue", token=here).status_code == 200
    assert town.post("/offices/centro/desks/1/call-next", token=here).status_code == 200


def test_a_kiosk_may_cancel_but_not_call(town: Town) -> None:
    kiosk = town.create_token("tickets")
    rosa = town.take()

    assert town.post("/offices/centro/desks/1/call-next", token=kiosk).status_code == 403
    assert town.post(f"/tickets/{rosa['id']}/start", {}, token=kiosk).status_code == 403
    assert town.post(f"/tickets/{rosa['id']}/cancel", {}, token=kiosk).status_code == 200


def test_a_revoked_token_is_refused_at_once(town: Town) -> None:
    from turnero_core import clock
    from turnero_queue import tokens

    kiosk = town.create_token("tickets", name="kiosk-2")
    assert town.get("/offices/centro/queue", token=kiosk).status_code == 200
    with town.database.write() as session:
        assert tokens.revoke(session, "kiosk-2", clock.now()) == 1

    assert town.get("/offices/centro/queue", token=kiosk).status_code == 401


def test_a_tokens_secret_is_stored_nowhere(town: Town) -> None:
    secret = town.create_token("tickets")

    assert secret not in repr(town.everything())


def test_a_token_with_a_scope_that_does_not_exist_cannot_be_made(small_town: Town) -> None:
    from turnero_core.errors import Invalid

    for scopes in (["tickets", "root"], ["*"]):
        with pytest.raises(Invalid):
            small_town.create_token(*scopes)


def test_the_history_names_the_token_that_acted(town: Town) -> None:
    rosa = town.take()
    other = town.create_token("desks", name="ventanilla-1")
    town.post("/offices/centro/desks/1/call-next", token=other)

    assert [event["actor"] for event in town.ticket(rosa)["events"]] == [
        "token:kiosk",
        "token:ventanilla-1",
    ]


def test_the_public_catalogue_needs_no_token_and_shows_no_tickets(small_town: Town) -> None:
    small_town.take(notes="DNI 40404040")
    for path in ("/offices", "/offices/centro", "/offices/centro/services"):
        answer = small_town.get(path, token=None)
        assert answer.status_code == 200
        assert "40404040" not in answer.get_data(as_text=True)
        assert "R001" not in answer.get_data(as_text=True)
