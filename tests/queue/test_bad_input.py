"""Whatever is sent, the answer is a problem that says what to mend, and nothing is changed."""

import json
from typing import Any

import pytest
from tests.queue.town import Town

TAKE = "/offices/centro/tickets"
UUID = "01890000-0000-7000-8000-000000000000"


def refused(town: Town, status: int, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """The problem that a request gets, after showing that it left no trace."""
    before = town.everything()
    answer = town.post(*args, **kwargs)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    problem: dict[str, Any] = answer.get_json()
    assert problem["status"] == status
    assert problem["type"].startswith("/problems/")
    assert problem["title"]
    assert problem["detail"]
    assert town.everything() == before
    return problem


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/offices/atlantida/tickets", {"service": "rentas"}),
        ("/offices/%00/tickets", {"service": "rentas"}),
        ("/offices/%ED%A0%80/tickets", {"service": "rentas"}),
        (f"/offices/{'a' * 3000}/tickets", {"service": "rentas"}),
        (TAKE, {"service": "bodas"}),
        (TAKE, {"service": "rentas", "also": ["bodas"]}),
        ("/offices/centro/desks/99/call-next", {}),
        ("/offices/centro/desks/99/open", {}),
        ("/offices/atlantida/desks/1/open", {}),
        (f"/tickets/{UUID}/start", {}),
        (f"/tickets/{UUID}/fly", {}),
        ("/tickets/R001/start", {}),
        ("/tickets/1%20OR%201=1/start", {}),
        ("/nothing/here", {}),
    ],
)
def test_what_does_not_exist_is_404(town: Town, path: str, body: dict[str, Any]) -> None:
    assert refused(town, 404, path, body)["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "service"),
        ({"service": None}, "service"),
        ({"service": ""}, "service"),
        ({"service": 7}, "service"),
        ({"service": ["rentas"]}, "service"),
        ({"service": {"code": "rentas"}}, "service"),
        ({"service": True}, "service"),
        ({"service": "r" * 41}, "service"),
        ({"service": "ren\x00tas"}, "service"),
        ({"service": "ren\x1btas"}, "service"),
        ({"service": "rentas", "priority": "vip"}, "priority"),
        ({"service": "rentas", "priority": 1}, "priority"),
        ({"service": "rentas", "origin": "owl"}, "origin"),
        ({"service": "rentas", "language": "qu"}, "language"),
        ({"service": "rentas", "language": "ES"}, "language"),
        ({"service": "rentas", "also": "caja"}, "also"),
        ({"service": "rentas", "also": [1]}, "also"),
        ({"service": "rentas", "also": ["caja"] * 21}, "also"),
        ({"service": "rentas", "notes": "n" * 1001}, "notes"),
        ({"service": "rentas", "number": 7}, "number"),
        ({"service": "rentas", "Service": "caja"}, "Service"),
        ({"service": 10**400}, "service"),
        ({"service": 1e308}, "service"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_field_that_cannot_be_used_is_named(town: Town, body: dict[str, Any], field: str) -> None:
    problem = refused(town, 422, TAKE, body)

    assert problem["type"] == "/problems/invalid"
    assert list(problem["errors"]) == [field]
    assert all(isinstance(text, str) and text for text in problem["errors"][field])


def test_every_field_that_is_wrong_is_named_at_once(town: Town) -> None:
    problem = refused(town, 422, TAKE, {"service": 7, "origin": "owl", "extra": 1})

    assert set(problem["errors"]) == {"service", "origin", "extra"}


@pytest.mark.parametrize("value", ["true", 1, 0, "yes", None, []])
def test_only_true_and_false_are_truth(town: Town, value: Any) -> None:
    town.take()
    body = {"finish_current": value}

    assert (
        "finish_current" in refused(town, 422, "/offices/centro/desks/1/call-next", body)["errors"]
    )


@pytest.mark.parametrize("surrogate", ["\\ud800", "\\udfff", "x\\ud83d"])
def test_half_a_character_is_refused(town: Town, surrogate: str) -> None:
    data = f'{{"service": "rentas", "notes": "{surrogate}"}}'
    problem = refused(town, 422, TAKE, data=data, content_type="application/json")

    assert list(problem["errors"]) == ["notes"]


def test_a_whole_emoji_written_in_halves_is_text(town: Town) -> None:
    data = '{"service": "rentas", "notes": "\\ud83d\\ude00 ñandú"}'
    answer = town.post(TAKE, data=data, content_type="application/json")

    assert answer.get_json()["notes"] == "😀 ñandú"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"{", 400),
        (b"service=rentas", 400),
        (b'{"service": "rentas"', 400),
        (b'{"service": "rentas"} trailing', 400),
        (b'{"service": "\xff\xfe"}', 400),
        ('{"service": "rentas"}'.encode("utf-16"), 400),
        (b'{"service": "ren\x00tas"}', 400),
        (b'{"service": ' + b"9" * 5000 + b"}", 400),
        (b'{"service": NaN}', 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"rentas"', 422),
        (b"7", 422),
        (b"[" * 200 + b"]" * 200, 422),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_is_not_what_it_should_be(town: Town, data: bytes, status: int) -> None:
    refused(town, status, TAKE, data=data, content_type="application/json")


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("deep", [5_000, 40_000])
def test_a_body_nested_without_end_is_refused(town: Town, opening: bytes, deep: int) -> None:
    closing = b"]" if opening == b"[" else b"}"
    data = opening * deep + b"1" + closing * deep

    refused(town, 400, TAKE, data=data, content_type="application/json")


def test_no_depth_of_nesting_is_an_error_of_the_server(small_town: Town) -> None:
    headers = {"Idempotency-Key": "deep"}
    for deep in range(50, 1300, 50):
        data = b'{"service": "rentas", "notes": ' + b"[" * deep + b"]" * deep + b"}"
        kind = {"content_type": "application/json", "headers": headers}
        assert small_town.post(TAKE, data=data, **kind).status_code in (400, 422)


def test_a_field_nested_without_end_is_refused_with_an_idempotency_key_too(
    town: Town,
) -> None:
    data = b'{"service": ' + b"[" * 5_000 + b"]" * 5_000 + b"}"
    headers = {"Idempotency-Key": "deep"}

    refused(town, 400, TAKE, data=data, content_type="application/json", headers=headers)


def test_a_body_too_large_is_413(town: Town) -> None:
    data = json.dumps({"service": "rentas", "notes": "n" * 300_000})

    refused(town, 413, TAKE, data=data, content_type="application/json")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]
)
def test_a_body_that_is_not_json_is_415(town: Town, content_type: str) -> None:
    refused(town, 415, TAKE, data=b'{"service": "rentas"}', content_type=content_type)


def test_a_method_that_an_address_does_not_take_is_405(town: Town) -> None:
    for method in ("PUT", "PATCH", "DELETE", "GET"):
        answer = town.ask(method, TAKE)
        assert answer.status_code == 405
        assert answer.content_type == "application/problem+json"
        assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("verb", ["start", "finish", "call", "transfer"])
def test_a_verb_refuses_fields_it_does_not_know(town: Town, verb: str) -> None:
    rosa = town.take()

    assert (
        "state" in refused(town, 422, f"/tickets/{rosa['id']}/{verb}", {"state": "done"})["errors"]
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "perfect"}, "outcome"),
        ({"services_given": "rentas"}, "services_given"),
        ({"services_given": ["rentas"] * 21}, "services_given"),
        ({"reason": "r" * 501}, "reason"),
        ({"reason": "r\x00"}, "reason"),
        ({"desk": 1}, "desk"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_verb_names_the_field_that_cannot_be_used(
    town: Town, body: dict[str, Any], field: str
) -> None:
    rosa = town.take()
    town.called("1")
    town.do("start", rosa)

    assert list(refused(town, 422, f"/tickets/{rosa['id']}/finish", body)["errors"]) == [field]


def test_an_empty_body_is_an_empty_request(town: Town) -> None:
    rosa = town.take()

    assert town.ask("POST", "/offices/centro/desks/1/call-next").status_code == 200
    assert town.ask("POST", f"/tickets/{rosa['id']}/start").status_code == 200


def test_text_of_any_script_comes_back_as_it_was_sent(town: Town) -> None:
    notes = "Ñuñoa — São João 東京 \u202eעברית\n\t«fin»"

    assert town.take(notes=notes)["notes"] == notes


def test_an_error_nobody_foresaw_is_a_problem_without_a_trace_of_the_program(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from turnero_queue import issuing

    def broken(*_: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(issuing, "_insert", broken)
    problem = refused(small_town, 500, TAKE, {"service": "rentas"})

    assert problem["type"] == "/problems/internal-error"
    assert "secret detail" not in json.dumps(problem)


def test_answers_of_the_api_are_never_kept_or_guessed_at(small_town: Town) -> None:
    for answer in (small_town.get("/offices"), small_town.get("/offices/atlantida")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
