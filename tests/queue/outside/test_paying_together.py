"""The same thing paid for at the same moment, through two processes."""

from collections.abc import Callable
from typing import Any

import httpx

TAPS = 8
FEE = {"amount": "15.00", "currency": "PEN"}


def body(debt: str) -> dict[str, Any]:
    item = {"description": "Arbitrios", "amount": FEE, "debt": debt}
    return {"office": "office-1", "items": [item], "method": "cash"}


def test_a_double_tap_is_one_payment(server: Any, at_once: Callable[..., list[Any]]) -> None:
    def tap() -> httpx.Response:
        with server.client() as client:
            headers = {"Idempotency-Key": "one-tap"}
            return client.post("/payments", json=body("demo:tap"), headers=headers)

    answers = at_once(*[tap] * TAPS)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["instructions"]["voucher"] for answer in answers}) == 1


def test_of_many_who_pay_one_debt_one_may(server: Any, at_once: Callable[..., list[Any]]) -> None:
    def pay() -> httpx.Response:
        with server.client() as client:
            return client.post("/payments", json=body("demo:shared"))

    answers = at_once(*[pay] * TAPS)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (TAPS - 1)
    (taken,) = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {refusal["type"] for refusal in refused} == {"/problems/payment-open"}
    assert {refusal["payment"] for refusal in refused} == {taken}
    with server.client() as client:
        assert client.post(f"/payments/{taken}/cancel").json()["state"] == "cancelled"
        assert client.post("/payments", json=body("demo:shared")).status_code == 201
