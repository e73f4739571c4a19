"""What comes in from outside: only a signed word about a known order counts, however often."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs
from tests.queue.payments.conftest import SECRET, Till

from turnero_core import clock as now_source
from turnero_queue.models import AuditEntry, Payment, PaymentEvent, Receipt
from turnero_queue.payments.mercadopago_webhook import sign


def books(till: Till) -> tuple[Any, ...]:
    """All that a webhook could change."""
    with till.town.database.read() as session:
        rows = session.execute(select(Payment.id, Payment.state, Payment.version)).all()
        counts = [
            session.scalar(select(func.count()).select_from(t)) for t in (PaymentEvent, Receipt)
        ]
        return (sorted(map(tuple, rows)), *counts)


def audited(till: Till) -> list[dict[str, Any]]:
    with till.town.database.read() as session:
        query = select(AuditEntry.after).where(AuditEntry.action == "payment.webhook-refused")
        found = session.scalars(query.order_by(AuditEntry.seq))
        return [json.loads(after) if isinstance(after, str) else after for after in found if after]


@pytest.fixture
def paid(till: Till) -> tuple[Till, Payment, str]:
    """Rosa has paid in her bank's app, and nobody has told us yet."""
    payment = till.step(till.start())
    return till, payment, till.bank.pay(payment)


def test_a_signed_word_approves_and_its_repetitions_change_nothing(
    paid: tuple[Till, Payment, str],
) -> None:
    till, payment, order_id = paid
    assert till.webhook(order_id).status_code == 200
    assert till.now(payment).state == "approved"
    before = books(till)
    for _ in range(5):
        assert till.webhook(order_id).status_code == 200
    assert books(till) == before


ATTACKS = {
    "wrong secret": ({"secret": "another secret"}, "wrong-signature"),
    "no signature": ({"header": ""}, "wrong-signature"),
    "half a signature": ({"header": "ts=1,v1="}, "wrong-signature"),
    "signature of another order": ({"about": "ORDOTHER"}, "wrong-signature"),
    "another request id": ({"request_id": "req-2"}, "wrong-signature"),
    "letters that are none": ({"header": "ts=ñ,v1=ñandú"}, "wrong-signature"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_word_that_proves_nothing_changes_nothing_and_is_written_down(
    small_till: Till, attack: str
) -> None:
    till = small_till
    payment = till.step(till.start())
    order_id = till.bank.pay(payment)
    changes, why = ATTACKS[attack]
    before, calls = books(till), len(till.bank.calls)
    header = changes.get("header")
    if header and not header.isascii():
        changes = {**changes, "header": header.encode().decode("latin-1")}
    with capture_logs() as logged:
        answer = till.webhook(order_id, **changes)
    assert answer.status_code == 401
    assert answer.json["type"] == "/problems/webhook-refused"
    assert (books(till), len(till.bank.calls)) == (before, calls)
    assert [entry["why"] for entry in logged if entry["event"] == "webhook_refused"] == [why]


@pytest.mark.parametrize("off", [timedelta(minutes=-11), timedelta(minutes=11), timedelta(days=-9)])
def test_an_old_word_overheard_by_somebody_changes_nothing(
    small_till: Till, off: timedelta
) -> None:
    payment = small_till.step(small_till.start())
    order_id = small_till.bank.pay(payment)
    before = books(small_till)
    with capture_logs() as logged:
        assert small_till.webhook(order_id, at=now_source.now() + off).status_code == 401
    assert books(small_till) == before
    assert [e["why"] for e in logged if e["event"] == "webhook_refused"] == ["old-timestamp"]


def test_a_body_that_names_another_order_than_the_signed_one_is_refused(small_till: Till) -> None:
    till = small_till
    rosa, luis = till.step(till.start()), till.step(till.start("luis", "demo:B"))
    signed_one, other = till.bank.pay(rosa), till.bank.pay(luis)
    before = books(till)
    body = {"type": "order", "data": {"id": other}}
    assert till.webhook(signed_one, body=body).status_code == 401
    assert books(till) == before


def test_an_order_that_the_provider_does_not_know_changes_nothing(till: Till) -> None:
    till.step(till.start())
    before, entries = books(till), len(audited(till))
    answer = till.webhook("ORDUNKNOWN0000000000000000000")
    assert (answer.status_code, answer.json["type"]) == (404, "/problems/unknown-order")
    assert books(till) == before
    assert [after["why"] for after in audited(till)[entries:]] in ([], ["unknown-order"])


def test_an_order_of_somebody_else_changes_nothing(small_till: Till) -> None:
    till = small_till
    payment = till.step(till.start())
    order_id = till.bank.pay(payment)
    with till.bank.ledger.changing() as db:
        db.execute("UPDATE orders SET external_reference = 'elsewhere'")
    before = books(till)
    till.webhook(order_id)
    assert books(till)[0][0][1] == before[0][0][1] == "pending"
    assert books(till)[2] == 0


def test_an_order_with_another_amount_changes_nothing_and_is_written_down(till: Till) -> None:
    payment = till.step(till.start())
    order_id = till.bank.pay(payment)
    with till.bank.ledger.changing() as db:
        db.execute("UPDATE orders SET amount = '1.00'")
    with capture_logs() as logged:
        till.webhook(order_id)
        till.webhook(order_id)
    found = till.now(payment)
    assert (found.state, found.unsure, found.provider_detail) == ("pending", True, "another-amount")
    assert books(till)[2] == 0
    assert {e["why"] for e in logged if e["event"] == "payment_order_refused"} == {"another-amount"}
    with till.town.database.read() as session:
        query = select(AuditEntry.subject).where(AuditEntry.action == "payment.order-refused")
        assert list(session.scalars(query)).count(f"payment:{payment.id}") == 1


def test_the_amount_that_a_body_claims_is_never_believed(small_till: Till) -> None:
    payment = small_till.step(small_till.start())
    order_id = str(payment.provider_reference)
    claimed = {"id": order_id, "status": "processed", "total_paid_amount": "120.50"}
    body = {"type": "order", "action": "order.processed", "data": claimed}
    assert small_till.webhook(order_id, body=body).status_code == 200
    assert small_till.now(payment).state == "pending"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 20_000, b'{"data": 7}', b'{"data":{"id":{}}}'],
)
def test_nonsense_is_refused_without_an_accident(small_till: Till, body: bytes) -> None:
    at = now_source.now()
    answer = small_till.town.app.test_client().post(
        "/api/v1/webhooks/payments/simulated?data.id=ORDX",
        data=body,
        headers={"x-signature": sign("another", "ORDX", "r", at), "x-request-id": "r"},
        content_type="application/json",
    )
    assert answer.status_code in (400, 401)
    assert small_till.bank.calls == []


def test_words_about_other_things_are_taken_and_forgotten(small_till: Till) -> None:
    at = now_source.now()
    answer = small_till.town.app.test_client().post(
        "/api/v1/webhooks/payments/simulated?data.id=77&type=payment",
        data=json.dumps({"type": "payment", "data": {"id": "77"}}),
        headers={"x-signature": sign(SECRET, "77", "r", at), "x-request-id": "r"},
        content_type="application/json",
    )
    assert (answer.status_code, small_till.bank.calls) == (200, [])


def test_a_word_for_a_provider_that_is_not_configured_finds_nobody(small_till: Till) -> None:
    assert small_till.webhook("ORDX", provider="acme").status_code == 404


def test_while_the_provider_is_down_it_is_asked_to_tell_again(
    paid: tuple[Till, Payment, str],
) -> None:
    till, payment, order_id = paid
    till.bank.misbehave(down=True)
    assert till.webhook(order_id).status_code == 503
    assert till.now(payment).state == "pending"
    till.bank.misbehave()
    assert till.webhook(order_id).status_code == 200
    assert till.now(payment).state == "approved"


def test_a_word_that_comes_before_our_own_answer_finds_its_payment(till: Till) -> None:
    """The order was made, the answer got lost, and its webhook is here already."""
    till.bank.misbehave(lose=1)
    payment = till.step(till.start())
    assert (payment.state, payment.provider_reference) == ("created", None)
    order_id = till.bank.pay(payment)
    assert till.webhook(order_id).status_code == 200
    assert (till.now(payment).state, till.now(payment).provider_reference) == ("approved", order_id)
