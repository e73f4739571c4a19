"""A request sent twice is done once: the first answer is given again."""

from typing import Any

import pytest
import time_machine
from tests.queue.town import Town

from turnero_core import clock as present
from turnero_queue import idempotency

TAKE = "/offices/centro/tickets"
RENTAS = {"service": "rentas"}


def keyed(town: Town, path: str, body: Any, key: str = "k-1", **kwargs: Any) -> Any:
    return town.post(path, body, headers={"Idempotency-Key": key}, **kwargs)


def test_a_replay_gives_the_first_answer_and_changes_nothing(town: Town) -> None:
    first = keyed(town, TAKE, RENTAS)
    town.called("1")
    before = town.everything()
    again = keyed(town, TAKE, RENTAS)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert town.everything() == before


def test_the_order_of_the_fields_does_not_matter(town: Town) -> None:
    first = keyed(town, TAKE, {"service": "rentas", "priority": "preferential"})
    again = keyed(town, TAKE, {"priority": "preferential", "service": "rentas"})

    assert again.get_json() == first.get_json()


def test_an_answer_without_a_body_is_replayed_too(town: Town) -> None:
    path = "/offices/centro/desks/1/call-next"
    first = keyed(town, path, {})
    town.take()
    again = keyed(town, path, {})

    assert (first.status_code, again.status_code, again.get_data()) == (204, 204, b"")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert town.queue()[0]["code"] == "R001"


def test_a_call_repeated_does_not_call_a_second_person(town: Town) -> None:
    town.take()
    town.take()
    path = "/offices/centro/desks/1/call-next"
    first = keyed(town, path, {"finish_current": True})
    again = keyed(town, path, {"finish_current": True})

    assert again.get_json() == first.get_json()
    assert [entry["code"] for entry in town.queue()] == ["R002"]


@pytest.mark.parametrize(
    ("path", "body"),
    [(TAKE, {"service": "caja"}), (TAKE, {}), ("/offices/norte/tickets", RENTAS)],
)
def test_a_key_used_for_something_else_is_refused(
    town: Town, path: str, body: dict[str, str]
) -> None:
    keyed(town, TAKE, RENTAS)
    before = town.everything()
    answer = keyed(town, path, body)

    assert answer.status_code == 422
    if body:
        assert answer.get_json()["type"] == "/problems/idempotency-key-reused"
    assert town.everything() == before


def test_two_callers_may_use_the_same_key(town: Town) -> None:
    other = town.create_token("tickets")

    codes = [keyed(town, TAKE, RENTAS, token=token).get_json()["code"] for token in ("", other)]

    assert codes == ["R001", "R002"]


def test_a_refusal_is_not_remembered(town: Town, clock: time_machine.Traveller) -> None:
    clock.shift(-7200)
    refused = keyed(town, TAKE, RENTAS)
    clock.shift(7200)
    accepted = keyed(town, TAKE, RENTAS)

    assert refused.status_code == 409
    assert (accepted.status_code, accepted.get_json()["code"]) == (201, "R001")
    assert "Idempotent-Replayed" not in accepted.headers


def test_a_request_that_broke_is_not_remembered(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from turnero_queue import issuing

    with monkeypatch.context() as broken:
        broken.setattr(issuing, "_insert", None)
        assert keyed(town, TAKE, RENTAS).status_code == 500

    assert keyed(town, TAKE, RENTAS).status_code == 201


@pytest.mark.parametrize("key", ["k", "k" * 64, "ñandú", "a b/c?d=e"])
def test_any_key_of_1_to_64_characters_will_do(town: Town, key: str) -> None:
    first, again = (keyed(town, TAKE, RENTAS, key) for _ in range(2))

    assert again.get_json() == first.get_json()
    assert len(town.everything()["ticket"]) == 1


@pytest.mark.parametrize("key", ["", "k" * 65, "k" * 5000])
def test_a_key_of_another_length_is_refused_by_name(town: Town, key: str) -> None:
    before = town.everything()
    answer = keyed(town, TAKE, RENTAS, key)

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["Idempotency-Key"]
    assert town.everything() == before


def test_a_verb_repeated_is_done_once(town: Town) -> None:
    rosa = town.take()
    town.called("1")
    path = f"/tickets/{rosa['id']}/recall"
    first, again = (keyed(town, path, {}) for _ in range(2))

    assert first.get_json()["calls"] == again.get_json()["calls"] == 2
    assert town.ticket(rosa)["calls"] == 2


def test_without_a_key_every_request_counts(town: Town) -> None:
    assert [town.take()["code"] for _ in range(2)] == ["R001", "R002"]
    assert town.everything()["idempotency_key"] == []


def test_keys_are_forgotten_after_two_days(town: Town, clock: time_machine.Traveller) -> None:
    keyed(town, TAKE, RENTAS)
    gone = []
    for shift in (2 * 86_400, 1):
        clock.shift(shift)
        with town.database.write() as session:
            gone.append(idempotency.purge(session, present.now()))

    assert gone == [0, 1]
    assert keyed(town, TAKE, RENTAS).get_json()["business_day"] == "2026-03-04"
