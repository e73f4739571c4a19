"""Between us and the provider: every outcome becomes known, and none is counted twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.queue.payments.conftest import Till

from turnero_core import clock as now_source
from turnero_queue.models import Payment, Receipt, Refund
from turnero_queue.payments import describe, moves, paying, reconcile, refunds
from turnero_queue.payments.provider import Order, Status


def receipts(till: Till) -> int:
    with till.town.database.read() as session:
        return session.scalar(select(func.count()).select_from(Receipt)) or 0


def test_a_payment_gets_its_qr_and_is_approved_when_the_bank_says_so(till: Till) -> None:
    payment = till.step(till.start())
    assert (payment.state, payment.unsure) == ("pending", False)
    assert str(payment.qr_data).startswith("http://bank.example/pay/ORD")
    till.bank.pay(payment)
    assert (till.step(payment).state, receipts(till)) == ("approved", 1)
    calls = len(till.bank.calls)
    assert till.step(payment).state == "approved"
    assert (len(till.bank.calls), receipts(till)) == (calls, 1)


@pytest.mark.parametrize(("outcome", "state"), [("failed", "rejected"), ("canceled", "cancelled")])
def test_what_the_bank_refuses_or_ends_is_known_as_that(
    small_till: Till, outcome: str, state: str
) -> None:
    payment = small_till.step(small_till.start())
    small_till.bank.pay(payment, outcome)
    assert small_till.step(payment).state == state


def test_an_answer_that_was_lost_is_found_again_and_not_made_twice(till: Till) -> None:
    till.bank.misbehave(lose=1)
    payment = till.step(till.start())
    assert (payment.state, payment.unsure) == ("created", True)
    assert "Please do not pay again" in describe.UNSURE
    till.bank.misbehave()
    payment = till.step(payment)
    assert (payment.state, payment.unsure) == ("pending", False)
    assert till.bank.ledger.sums()["orders"] == {"created": 1}


def test_a_death_between_the_call_and_its_note_makes_no_second_order(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    payment = till.start()
    monkeypatch.setattr(till.clearing, "_bring_in", dies)
    with pytest.raises(KeyboardInterrupt):
        till.step(payment)
    monkeypatch.undo()
    assert till.now(payment).state == "created"
    assert till.step(payment).state == "pending"
    assert till.bank.ledger.sums()["orders"] == {"created": 1}


def test_a_provider_that_refuses_outright_leaves_the_citizen_free_to_pay_otherwise(
    small_till: Till,
) -> None:
    small_till.bank.provider._account.points[""] = ""  # type: ignore[index]
    payment = small_till.step(small_till.start())
    assert payment.state == "rejected"
    small_till.bank.provider._account.points[""] = "CAJA01"  # type: ignore[index]
    assert small_till.step(small_till.start("rosa-2")).state == "pending"


def test_the_provider_is_down_for_an_hour_and_all_is_known_afterwards(
    till: Till, clock: Any
) -> None:
    """Eight people start just before; three more try meanwhile; the bank comes back."""
    before = [till.step(till.start(f"before-{n}", f"demo:B{n}", 1000 + n)) for n in range(8)]
    for payment in before[:5]:
        till.bank.pay(payment)
    till.bank.misbehave(down=True)
    meanwhile = [till.step(till.start(f"during-{n}", f"demo:D{n}", 50 + n)) for n in range(3)]
    for _ in range(20):
        clock.shift(timedelta(minutes=3))
        till.work()
    for payment in (*before, *meanwhile):
        found = till.now(payment)
        assert (found.state in ("created", "pending"), found.unsure) == (True, True)
    # An outage is asked about once in a minute and payment at most, not without pause.
    assert len(till.bank.calls) < 20 * 11 * 2
    till.bank.misbehave()
    for _ in range(4):
        clock.shift(timedelta(minutes=1))
        till.work()
    states = [till.now(payment).state for payment in before]
    assert states == ["approved"] * 5 + ["expired"] * 3
    assert [till.now(payment).state for payment in meanwhile] == ["expired"] * 3
    assert till.bank.ledger.sums()["paid"] == f"{sum(1000 + n for n in range(5)) / 100:.2f}"
    assert receipts(till) == 5


def test_a_payment_that_nobody_makes_ends_with_its_time(small_till: Till, clock: Any) -> None:
    payment = small_till.step(small_till.start())
    clock.shift(timedelta(minutes=10, seconds=6))
    small_till.work()
    assert small_till.now(payment).state == "expired"
    assert small_till.bank.order_of(payment)["status"] in ("expired", "canceled")


def test_cancelling_asks_the_bank_and_tells_the_truth(till: Till) -> None:
    payment = till.step(till.start())
    other = till.step(till.start("luis-1", "demo:B-2"))
    till.bank.pay(other)
    for one in (payment, other):
        with till.town.database.write() as session:
            paying.ask_to_cancel(session, one.id, "citizen", now_source.now())
        till.work()
    assert till.now(payment).state == "cancelled"
    assert till.bank.order_of(payment)["status"] == "canceled"
    # It had been paid before the cancelling came: the money is what counts.
    assert till.now(other).state == "approved"


def test_old_news_never_undoes_what_is_known(small_till: Till) -> None:
    """Orders as they were at other moments, brought in in every order, end in the same state."""
    payment = small_till.step(small_till.start())
    reference = str(payment.provider_reference)
    tales = [
        Order(reference, payment.id, status, payment.amount_minor, detail=status)
        for status in (Status.WAITING, Status.APPROVED, Status.EXPIRED, Status.UNSURE)
    ]
    for tale in (tales[1], *tales, *reversed(tales)):
        small_till.clearing.bring_in("simulated", tale)
        assert small_till.now(payment).state == "approved"
    assert receipts(small_till) == 1


@pytest.mark.parametrize("change", ["amount_minor", "currency", "external_reference", "reference"])
def test_an_order_that_is_not_this_payment_changes_nothing(small_till: Till, change: str) -> None:
    payment = small_till.step(small_till.start())
    good: dict[str, Any] = {
        "reference": str(payment.provider_reference),
        "external_reference": payment.id,
        "status": Status.APPROVED,
        "amount_minor": payment.amount_minor,
    }
    other = {"amount_minor": 1, "currency": "ARS"}.get(change, "ORD-OTHER")
    small_till.clearing.bring_in("simulated", Order(**{**good, change: other}))
    assert small_till.now(payment).state == "pending"
    assert receipts(small_till) == 0


def test_a_refund_reaches_the_bank_once_though_the_answer_is_lost(till: Till, clock: Any) -> None:
    payment = till.step(till.start())
    till.bank.pay(payment)
    till.step(payment)
    till.bank.misbehave(lose=1)
    with till.town.database.write() as session:
        held = moves.hold(session, payment.id)
        now = now_source.now()
        refunds.ask(session, held, 2_000, "Cobro de más", "staff:jefa", "r-1", now)
    till.work()
    assert till.now(payment).state == "approved"
    till.bank.misbehave()
    clock.shift(timedelta(minutes=2))
    till.work()
    found = till.now(payment)
    assert (found.state, found.refunded_minor, found.refunding_minor) == (
        "partly_refunded",
        2000,
        0,
    )
    assert till.bank.ledger.sums()["refunded"] == "20.00"


def test_a_refund_that_the_bank_refuses_says_so(small_till: Till) -> None:
    till = small_till
    payment = till.step(till.start())
    order_id = till.bank.pay(payment)
    till.step(payment)
    # Somebody gave most of it back in the bank's own pages.
    till.bank.ledger.refund(order_id, "by-hand", "120.00", now_source.now())
    with till.town.database.write() as session:
        held = moves.hold(session, payment.id)
        refunds.ask(session, held, 12_050, "Anulado", "staff:jefa", "r-1", now_source.now())
    till.work()
    with till.town.database.read() as session:
        (asked,) = session.scalars(select(Refund).where(Refund.idempotency_key == "r-1")).all()
        assert asked.state == "rejected"
    # What was given back there is taken over into our books.
    till.clearing.bring_in("simulated", till.bank.provider.get(order_id, "PEN"))
    assert (till.now(payment).state, till.now(payment).refunded_minor) == (
        "partly_refunded",
        12_000,
    )


def test_reconciliation_mends_what_it_can_and_reports_the_rest(till: Till, clock: Any) -> None:
    since = now_source.now() - timedelta(hours=1)
    forgotten = till.step(till.start())
    till.bank.pay(forgotten)
    provider = till.bank.provider
    stranger = till.bank.app.test_client().post(
        "/v1/orders",
        headers={"Authorization": f"Bearer {provider._account.access_token}",
                 "X-Idempotency-Key": "somebody-else"},
        json={"type": "qr", "total_amount": "7.00", "external_reference": "elsewhere-1",
              "transactions": {"payments": [{"amount": "7.00"}]},
              "config": {"qr": {"external_pos_id": "X", "mode": "dynamic"}}},
    ).get_json()  # fmt: skip
    till.bank.ledger.move(stranger["id"], "processed", "accredited", now_source.now())
    clock.shift(timedelta(minutes=1))
    report = reconcile.run(till.town.database, till.clearing, provider, since, now_source.now())
    assert till.now(forgotten).state == "approved"
    assert [(d.kind, d.provider_reference) for d in report.differences] == [
        ("missing_here", stranger["id"])
    ]
    made = report.reconciliation
    assert (made.compared, made.ours_minor, made.theirs_minor) == (2, 12_050, 12_750)


def test_two_who_pay_for_one_thing_at_once_make_one_charge(
    till: Till, together: Callable[..., list[Any]]
) -> None:
    outcomes = together(*(lambda n=n: till.start(f"tap-{n}") for n in range(6)))
    assert sum(isinstance(outcome, Payment) for outcome in outcomes) == 1
    assert {getattr(o, "slug", "paid") for o in outcomes} == {"paid", "payment-open"}


def test_a_double_tap_with_one_key_is_one_payment_and_one_order(
    till: Till, together: Callable[..., list[Any]]
) -> None:
    outcomes = together(*(lambda: till.step(till.start("tap")) for _ in range(6)))
    assert len({payment.id for payment in outcomes}) == 1
    assert till.bank.ledger.sums()["orders"] == {"created": 1}


def test_news_from_all_sides_at_once_approves_once(
    till: Till, together: Callable[..., list[Any]]
) -> None:
    payment = till.step(till.start())
    order_id = till.bank.pay(payment)
    heard = [lambda: till.clearing.heard(till.bank.provider, order_id)] * 4
    outcomes = together(*heard, lambda: till.step(payment), lambda: till.step(payment))
    assert [o for o in outcomes if isinstance(o, Exception)] == []
    assert (till.now(payment).state, receipts(till)) == ("approved", 1)
