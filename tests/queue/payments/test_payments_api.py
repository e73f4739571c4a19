"""Payments over the API: what is asked, what is answered, what is refused."""

from typing import Any

import pytest
from tests.queue.payments.conftest import SECRET, TOKEN, Till
from tests.queue.webhooks.test_noting import noted, subscribe

FEE = {"description": "Copia certificada", "amount": {"amount": "15.00", "currency": "PEN"}}
QR = {"office": "centro", "items": [FEE], "method": "qr"}


def ask(till: Till, key: str | None = "k-1", **changes: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return till.town.post("/payments", {**QR, **changes}, headers=headers)


def good(answer: Any, status: int = 201) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_payment_by_qr_is_started_paid_and_shows_its_receipt(till: Till) -> None:
    made = good(ask(till))
    assert (made["state"], made["simulated"]) == ("pending", True)
    assert made["amount"] == {"amount": "15.00", "currency": "PEN"}
    assert made["instructions"]["qr_data"].startswith("http://bank.example/pay/")
    assert made["instructions"]["expires_at"].endswith("Z")
    assert made["receipt"] is None
    till.bank.pay(made)
    till.clearing.step(made["id"], at_once=True)
    shown = good(till.town.get(f"/payments/{made['id']}"), 200)
    assert (shown["state"], shown["instructions"]) == ("approved", None)
    assert shown["receipt"]["number"]
    assert shown["told"] == "Your payment arrived. Thank you."


def test_a_repeated_request_gets_the_first_answer_and_makes_one_order(till: Till) -> None:
    first, again = ask(till), ask(till)
    assert good(first) == good(again)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert till.bank.ledger.sums()["orders"] == {"created": 1}
    other = ask(till, method="cash")
    assert (other.status_code, other.json["type"]) == (422, "/problems/idempotency-key-reused")


def test_a_request_cut_off_after_the_order_was_made_is_finished_by_its_repetition(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(till.clearing, "step", dies)
    with pytest.raises(KeyboardInterrupt):
        ask(till)
    monkeypatch.undo()
    assert good(ask(till))["state"] == "pending"
    assert till.bank.ledger.sums()["orders"] == {"created": 1}


def test_cash_and_terminals_say_what_to_do(small_till: Till) -> None:
    cash = good(ask(small_till, "c", method="cash"))
    assert len(cash["instructions"]["voucher"]) == 8
    assert cash["instructions"]["cash"] == {"amount": "15.00", "currency": "PEN"}
    card = good(ask(small_till, "t", method="card_terminal"))
    assert (card["state"], card["method"]) == ("pending", "card_terminal")


def test_what_the_provider_cannot_take_just_now_is_told_honestly(small_till: Till) -> None:
    small_till.bank.misbehave(down=True)
    made = good(ask(small_till))
    assert (made["state"], made["unsure"]) == ("created", True)
    assert "do not pay again" in made["told"]


def test_money_goes_back_in_part_and_then_not_more_than_is_left(till: Till, clock: Any) -> None:
    webhook = subscribe(till.town)
    made = good(ask(till))
    till.bank.pay(made)
    till.clearing.step(made["id"], at_once=True)
    path = f"/payments/{made['id']}/refunds"
    part = {"amount": {"amount": "5.00", "currency": "PEN"}, "reason": "Cobro de más"}
    asked = good(till.town.post(path, part, headers={"Idempotency-Key": "r-1"}))
    assert [refund["state"] for refund in asked["refunds"]] == ["created"]
    till.town.post(path, part, headers={"Idempotency-Key": "r-1"})
    till.work()
    shown = good(till.town.get(f"/payments/{made['id']}"), 200)
    assert (shown["state"], shown["refunded"]["amount"]) == ("partly_refunded", "5.00")
    more = {"amount": {"amount": "10.01", "currency": "PEN"}, "reason": "Todo"}
    refused = till.town.post(path, more)
    assert refused.status_code == 422
    assert "10.00 PEN" in refused.json["errors"]["amount"][0]
    good(till.town.post(path, {"reason": "Anulado"}))
    till.work()
    assert good(till.town.get(f"/payments/{made['id']}"), 200)["state"] == "refunded"
    assert till.bank.ledger.sums()["refunded"] == "15.00"
    told = noted(till.town, webhook)
    assert [(one["type"], one["data"]["state"]) for one in told] == [
        ("payment.approved", "approved"),
        ("payment.refunded", "partly_refunded"),
        ("payment.refunded", "refunded"),
    ]
    assert [one["data"].get("refunded", {}).get("amount") for one in told] == [
        None,
        "5.00",
        "10.00",
    ]
    assert told[0]["data"]["amount"] == {"amount": "15.00", "currency": "PEN"}


def test_a_payment_may_be_cancelled_until_it_is_paid(small_till: Till) -> None:
    made = good(ask(small_till))
    path = f"/payments/{made['id']}/cancel"
    assert good(small_till.town.post(path), 200)["state"] == "cancelled"
    assert good(small_till.town.post(path), 200)["state"] == "cancelled"
    paid = good(ask(small_till, "k-2"))
    small_till.bank.pay(paid)
    assert good(small_till.town.post(f"/payments/{paid['id']}/cancel"), 200)["state"] == "approved"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"items": []}, 422),
        ({"items": [{}]}, 422),
        ({"items": [{"description": "x"}]}, 422),
        ({"items": [{**FEE, "amount": {"amount": "-15.00", "currency": "PEN"}}]}, 422),
        ({"items": [{**FEE, "amount": {"amount": "0.00", "currency": "PEN"}}]}, 422),
        ({"items": [{**FEE, "amount": {"amount": "15.005", "currency": "PEN"}}]}, 422),
        ({"items": [{**FEE, "amount": {"amount": 15, "currency": "PEN"}}]}, 422),
        ({"items": [{**FEE, "amount": {"amount": "15.00", "currency": "ARS"}}]}, 422),
        ({"items": [{**FEE, "amount": {"amount": "9" * 40, "currency": "PEN"}}]}, 422),
        ({"items": [{**FEE, "amount": "15.00"}]}, 422),
        ({"items": [{**FEE, "quantity": 0}]}, 422),
        ({"items": [{**FEE, "quantity": 1.5}]}, 422),
        ({"items": [{**FEE, "quantity": 1000, "amount": {"amount": "9999999999.99"}}]}, 422),
        ({"items": [FEE] * 51}, 422),
        ({"items": [{"service": "no-such"}]}, 409),
        ({"method": "cheque"}, 422),
        ({"office": "no-such"}, 404),
        ({"ticket": "no-such"}, 404),
        ({"point_of_sale": "no-such"}, 422),
        ({"extra": 1}, 422),
    ],
)
def test_what_cannot_be_paid_is_refused_and_nothing_is_started(
    small_till: Till, change: dict[str, Any], status: int
) -> None:
    answer = ask(small_till, None, **change)
    assert answer.status_code == status, answer.text
    assert answer.content_type.startswith("application/problem+json")
    assert small_till.bank.calls == []


def test_a_payment_belongs_to_its_turn(small_till: Till) -> None:
    turn = small_till.town.take()
    made = good(ask(small_till, ticket=turn["id"]))
    assert made["errand"] == {"kind": "ticket", "id": turn["id"]}


def test_only_a_token_for_payments_of_that_office_may_use_them(small_till: Till) -> None:
    till = small_till
    made = good(ask(till))
    path = f"/payments/{made['id']}"
    other = till.town.create_token("tickets", "desks", name="kiosk")
    elsewhere = till.town.create_token("payments", office="norte", name="norte")
    for token, status in ((None, 401), (other, 403), (elsewhere, 403)):
        assert till.town.get(path, token=token).status_code == status
        assert till.town.post(f"{path}/cancel", token=token).status_code == status
        refund = till.town.post(f"{path}/refunds", {"reason": "x"}, token=token)
        assert refund.status_code == status


def test_secrets_are_in_no_answer_and_no_dump(small_till: Till) -> None:
    from turnero_queue import configuration

    made = good(ask(small_till))
    with small_till.town.database.read() as session:
        dump = configuration.dump(session)
    for text in (str(made), dump):
        assert TOKEN not in text
        assert SECRET not in text
