"""The pretended provider: the real one's contract, its faults, and always marked as what it is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.queue.payments.conftest import TOKEN, Bank
from werkzeug.test import TestResponse

BODY = {
    "type": "qr",
    "total_amount": "15.00",
    "external_reference": "rosa-1",
    "description": "Municipalidad <b>de</b> San Martín",
    "expiration_time": "PT10M",
    "transactions": {"payments": [{"amount": "15.00"}]},
    "config": {"qr": {"external_pos_id": "CAJA01", "mode": "dynamic"}},
}


@pytest.fixture
def bank(tmp_path: Path, clock: Any) -> Iterator[Bank]:
    made = Bank(tmp_path)
    yield made
    made.provider.close()
    made.ledger.close()


@pytest.fixture
def visitor(bank: Bank) -> FlaskClient:
    return bank.app.test_client()


def post(visitor: FlaskClient, path: str = "", key: str = "k", **changes: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Idempotency-Key": key}
    return visitor.post(f"/v1/orders{path}", json={**BODY, **changes}, headers=headers)


def test_an_order_is_made_once_for_a_key(visitor: FlaskClient, bank: Bank) -> None:
    first, again = post(visitor), post(visitor)
    assert (first.status_code, first.get_json()) == (201, again.get_json())
    assert first.get_json()["live_mode"] is False
    other = post(visitor, total_amount="16.00", transactions={"payments": [{"amount": "16.00"}]})
    assert other.status_code == 409
    assert bank.ledger.sums()["orders"] == {"created": 1}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "online"}, "required_properties"),
        ({"config": {}}, "required_properties"),
        ({"total_amount": "15.01"}, "invalid_total_amount"),
        ({"transactions": {"payments": [{"amount": "0.00"}]}}, "property_value"),
        ({"transactions": {"payments": [{"amount": "-1.00"}]}}, "property_value"),
        ({"expiration_time": "soon"}, "property_value"),
    ],
)
def test_a_request_that_the_real_one_would_refuse_is_refused(
    visitor: FlaskClient, changes: dict[str, Any], code: str
) -> None:
    answer = post(visitor, **changes)
    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (400, code)


def test_without_its_token_or_a_key_nothing_is_done(visitor: FlaskClient, bank: Bank) -> None:
    assert visitor.post("/v1/orders", json=BODY).status_code == 401
    assert post(visitor, key="").status_code == 400
    assert bank.ledger.sums()["orders"] == {}


def test_the_page_pays_once_says_simulated_and_never_runs_what_others_wrote(
    visitor: FlaskClient, bank: Bank
) -> None:
    order = post(visitor).get_json()
    page = visitor.get(f"/pay/{order['id']}", headers={"Accept-Language": "es"})
    assert "SIMULADO" in page.text
    assert "<b>de</b>" not in page.text
    assert 'lang="es"' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for outcome in ("pay", "reject", "pay"):
        answer = visitor.post(f"/pay/{order['id']}", data={"outcome": outcome})
        assert answer.status_code == 303
    assert bank.ledger.sums() == {"paid": "15.00", "refunded": "0", "orders": {"processed": 1}}
    assert visitor.post(f"/pay/{order['id']}", data={"outcome": "steal"}).status_code == 404
    assert visitor.get("/pay/ORDX").status_code == 404
    assert "SIMULADO" in visitor.get("/").text


def test_an_order_whose_time_is_up_cannot_be_paid(
    visitor: FlaskClient, bank: Bank, clock: Any
) -> None:
    order = post(visitor).get_json()
    clock.shift(timedelta(minutes=10))
    visitor.post(f"/pay/{order['id']}", data={"outcome": "pay"})
    assert bank.ledger.sums()["orders"] == {"expired": 1}


def test_faults_are_set_shown_and_survive_a_restart(visitor: FlaskClient, bank: Bank) -> None:
    from turnero_server.simulated_provider.faults import Switchboard

    assert visitor.post("/faults", json={"fail": 0.5, "down": True}).status_code == 200
    assert visitor.get("/faults").get_json()["fail"] == 0.5
    assert Switchboard(bank.ledger).now.down is True
    for wrong in ({"fail": 2}, {"fail": "much"}, {"fire": 1}, {"slow_s": 1000}, [], 7):
        assert visitor.post("/faults", json=wrong).status_code == 422
    assert post(visitor).status_code == 503


def test_webhooks_come_never_once_or_twice_and_late_as_told(bank: Bank) -> None:
    bank.misbehave(hooks_never=1)
    assert bank.faults.plan(100.0) == []
    bank.misbehave(hooks_twice=1, hooks_late=1, hooks_late_s=5)
    first, second = bank.faults.plan(100.0)
    assert 100 <= min(first, second) <= max(first, second) <= 105
    bank.misbehave()
    assert bank.faults.plan(100.0) == [100.0]
