"""Many people take a turn at the same moment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

CLIENTS = 8
EACH = 50


def take(api: httpx.Client, office: str, service: str = "rentas", **headers: str) -> httpx.Response:
    return api.post(f"/offices/{office}/tickets", json={"service": service}, headers=headers)


def test_eight_kiosks_give_400_consecutive_numbers_and_none_twice(
    api: httpx.Client, office: str, at_once: Callable[..., list[Any]]
) -> None:
    def kiosk() -> list[httpx.Response]:
        return [take(api, office) for _ in range(EACH)]

    answers = [answer for some in at_once(*[kiosk] * CLIENTS) for answer in some]
    assert {answer.status_code for answer in answers} == {201}
    numbers = sorted(answer.json()["number"] for answer in answers)
    assert numbers == list(range(1, CLIENTS * EACH + 1))
    assert len({answer.json()["id"] for answer in answers}) == CLIENTS * EACH
    assert len({answer.json()["status_url"] for answer in answers}) == CLIENTS * EACH


def test_each_kiosk_sees_its_numbers_grow_and_prefixes_count_apart(
    api: httpx.Client, office: str, at_once: Callable[..., list[Any]]
) -> None:
    def kiosk(service: str) -> list[str]:
        return [take(api, office, service).json()["code"] for _ in range(10)]

    rentas, catastro, more = at_once(*(partial(kiosk, s) for s in ("rentas", "catastro", "rentas")))
    assert catastro == [f"C{n:03}" for n in range(1, 11)]
    assert sorted(rentas + more) == [f"R{n:03}" for n in range(1, 21)]
    assert rentas == sorted(rentas)
    assert more == sorted(more)


def test_twenty_requests_with_one_key_give_one_ticket(
    api: httpx.Client, office: str, at_once: Callable[..., list[Any]]
) -> None:
    request = partial(take, api, office, **{"Idempotency-Key": f"{office}-kiosk-7"})
    answers = at_once(*[request] * 20)
    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    replayed = [answer.headers.get("Idempotent-Replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None] + ["true"] * 19
    assert len(api.get(f"/offices/{office}/queue").json()["tickets"]) == 1


def test_a_key_used_for_something_else_is_refused(api: httpx.Client, office: str) -> None:
    key = {"Idempotency-Key": f"{office}-kiosk-8"}
    assert take(api, office, **key).status_code == 201
    refused = take(api, office, "catastro", **key)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/idempotency-key-reused"
    assert len(api.get(f"/offices/{office}/queue").json()["tickets"]) == 1


def test_a_refused_request_does_not_use_up_its_key(api: httpx.Client, office: str) -> None:
    key = {"Idempotency-Key": f"{office}-kiosk-9"}
    assert take(api, office, "matrimonios", **key).status_code == 404
    assert take(api, office, **key).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_key_that_is_too_short_or_too_long_is_refused(
    api: httpx.Client, office: str, key: str
) -> None:
    assert take(api, office, **{"Idempotency-Key": key}).status_code == 422
    assert api.get(f"/offices/{office}/queue").json()["tickets"] == []
