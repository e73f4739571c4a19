"""One payment's life: started once, paid once, given back at most once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tests.queue.town import Town

from turnero_core import clock as now_source
from turnero_core.errors import Conflict, Invalid
from turnero_queue.models import Payment, PaymentEvent, PaymentItem
from turnero_queue.payments import consequences, moves, paying, refunds, starting
from turnero_queue.payments.starting import Errand, How, Item, Payer, Where

LIGHT = Item({"es": "Arbitrios marzo", "en": "Rates of March"}, 12_050, debt_key="rentas:A-17-03")
PARKS = Item({"es": "Parques marzo"}, 3_000, debt_key="rentas:A-17-04")
QR = How("qr", provider="simulated", simulated=True)


def begin(
    town: Town, session: Session, key: str = "rosa-1", *items: Item, how: How = QR, **kwargs: Any
) -> Payment:
    where = Where(town.office().id, "PEN", device="kiosk-1", point_of_sale="0001")
    errand = kwargs.pop("errand", Errand("debt", "A-17"))
    now = now_source.now()
    return starting.start(session, items or (LIGHT,), how, errand, where, key, now, **kwargs)


def events(session: Session, payment: Payment) -> list[str]:
    query = select(PaymentEvent.kind).where(PaymentEvent.payment_id == payment.id)
    return list(session.scalars(query.order_by(PaymentEvent.seq)))


def test_a_payment_is_started_once_for_a_key_and_keeps_what_it_is_for(town: Town) -> None:
    rosa = Payer("Rosa Quispe", "40213377", "rosa@correo.example")
    with town.database.write() as session:
        first = begin(town, session, "rosa-1", LIGHT, PARKS, payer=rosa)
        again = begin(town, session, "rosa-1", LIGHT, PARKS, payer=rosa)
        assert (first.id, first.amount_minor, first.state) == (again.id, 15_050, "created")
        assert events(session, first) == ["created"]
        assert [line.debt_key for line in starting.items_of(session, first.id)] == [
            "rentas:A-17-03",
            "rentas:A-17-04",
        ]
    with town.database.read() as session:
        raw = session.execute(text("SELECT payer_name, payer_document FROM payment")).one()
        assert "Rosa" not in raw[0]
        assert "40213377" not in raw[1]
        assert session.get_one(Payment, first.id).payer_document == "40213377"


def test_a_key_used_for_something_else_is_refused(town: Town) -> None:
    with town.database.write() as session:
        begin(town, session, "rosa-1", LIGHT)
    with pytest.raises(Invalid) as refused, town.database.write() as session:
        begin(town, session, "rosa-1", PARKS)
    assert refused.value.slug == "idempotency-key-reused"


def test_what_is_being_paid_or_is_paid_cannot_be_paid_again(town: Town) -> None:
    with town.database.write() as session:
        first = begin(town, session, "rosa-1", LIGHT)
    with pytest.raises(Conflict) as refused, town.database.write() as session:
        begin(town, session, "luis-1", PARKS, LIGHT)
    assert (refused.value.slug, refused.value.extra) == ("payment-open", {"payment": first.id})
    with town.database.write() as session:
        assert session.scalars(select(Payment)).all() == [session.get(Payment, first.id)]
        paying.approve(
            session, moves.hold(session, first.id), "provider:simulated", now_source.now()
        )
    with pytest.raises(Conflict) as refused, town.database.write() as session:
        begin(town, session, "luis-2", LIGHT)
    assert refused.value.slug == "already-paid"


@pytest.mark.parametrize("verb", ["reject", "cancel", "expire"])
def test_what_came_to_nothing_may_be_paid_anew(town: Town, verb: str) -> None:
    with town.database.write() as session:
        first = begin(town, session, "rosa-1")
        paying.fail(session, first, verb, "provider:simulated", now_source.now())
        second = begin(town, session, "rosa-2")
    assert (second.state, second.id != first.id) == ("created", True)


def test_approval_has_its_consequences_in_the_same_transaction_and_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[str] = []
    monkeypatch.setattr(
        consequences, "APPROVED", (lambda _s, payment, _n: followed.append(payment.state),)
    )
    with town.database.write() as session:
        payment = begin(town, session)
        paying.approve(session, payment, "provider:simulated", now_source.now())
    with pytest.raises(Conflict), town.database.write() as session:
        held = moves.hold(session, payment.id)
        paying.approve(session, held, "provider:simulated", now_source.now())
    assert followed == ["approved"]


def test_a_consequence_that_fails_leaves_the_payment_as_it_was(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_numbers(_session: Session, _payment: Payment, _now: Any) -> None:
        raise Conflict("no numbers left")

    with town.database.write() as session:
        payment = begin(town, session)
    monkeypatch.setattr(consequences, "APPROVED", (out_of_numbers,))
    with pytest.raises(Conflict), town.database.write() as session:
        held = moves.hold(session, payment.id)
        paying.approve(session, held, "provider:simulated", now_source.now())
    with town.database.read() as session:
        assert session.get_one(Payment, payment.id).state == "created"
        assert events(session, payment) == ["created"]


def test_cash_is_paid_by_its_voucher_until_it_expires(town: Town, clock: Any) -> None:
    with town.database.write() as session:
        luis = begin(town, session, "luis-1", how=How("cash"))
        code = str(luis.voucher)
        found = starting.by_voucher(session, f" {code[:4].lower()}-{code[4:]} ")
        assert found is not None
        paying.approve_in_cash(session, found, "staff:caja", now_source.now())
        assert (found.state, found.approved_by) == ("approved", "staff:caja")
        late = begin(town, session, "rosa-1", PARKS, how=How("cash"))
    clock.shift(timedelta(hours=24))
    with pytest.raises(Conflict) as refused, town.database.write() as session:
        paying.approve_in_cash(session, late, "staff:caja", now_source.now())
    assert refused.value.slug == "voucher-expired"
    with town.database.write() as session:
        assert paying.expire_vouchers(session, now_source.now()) == 1
        assert session.get_one(Payment, luis.id).state == "approved"
        assert session.get_one(Payment, late.id, populate_existing=True).state == "expired"


def test_money_is_given_back_in_parts_and_never_more_than_came(town: Town) -> None:
    with town.database.write() as session:
        payment = begin(town, session)
        paying.approve(session, payment, "provider:simulated", now_source.now())
        now = now_source.now()
        part = refunds.ask(session, payment, 2_050, "Cobro de más", "staff:jefa", "r-1", now)
        assert (
            refunds.ask(session, payment, 2_050, "Cobro de más", "staff:jefa", "r-1", now) is part
        )
        refunds.settle(session, payment, part.id, now, done=True, reference="REF1")
        refunds.settle(session, payment, part.id, now, done=True, reference="REF1")
        assert (payment.state, payment.refunded_minor) == ("partly_refunded", 2_050)
        with pytest.raises(Invalid) as refused:
            refunds.ask(session, payment, 10_001, "Todo", "staff:jefa", "r-2", now)
        assert "100.00 PEN" in refused.value.extra["errors"]["amount"][0]
        rest = refunds.ask(session, payment, 10_000, "Anulado", "staff:jefa", "r-3", now)
        with pytest.raises(Invalid):
            refunds.ask(session, payment, 1, "Otro", "staff:jefa", "r-4", now)
        refunds.settle(session, payment, rest.id, now, done=True, reference="REF2")
        assert (payment.state, payment.refunded_minor) == ("refunded", 12_050)
        # The debt is owed again, and may be paid again.
        assert begin(town, session, "rosa-2").state == "created"


def test_a_refund_that_the_provider_refuses_may_be_asked_for_again(town: Town) -> None:
    with town.database.write() as session:
        payment = begin(town, session)
        paying.approve(session, payment, "provider:simulated", now_source.now())
        now = now_source.now()
        first = refunds.ask(session, payment, 12_050, "Anulado", "staff:jefa", "r-1", now)
        assert refunds.left(payment) == 0
        refunds.settle(session, payment, first.id, now, done=False, detail="no funds")
        assert (payment.state, refunds.left(payment)) == ("approved", 12_050)
        again = refunds.ask(session, payment, 12_050, "Anulado", "staff:jefa", "r-2", now)
        assert again.id != first.id


@pytest.mark.parametrize(
    ("amount", "reason"), [(0, "Anulado"), (-5, "Anulado"), (12_051, "Anulado"), (100, "  ")]
)
def test_a_refund_needs_a_reason_and_an_amount_that_is_left(
    small_town: Town, amount: int, reason: str
) -> None:
    with small_town.database.write() as session:
        payment = begin(small_town, session)
        paying.approve(session, payment, "provider:simulated", now_source.now())
        with pytest.raises(Invalid):
            refunds.ask(session, payment, amount, reason, "staff:jefa", "r", now_source.now())
        assert refunds.left(payment) == 12_050


def test_money_that_comes_for_what_was_paid_otherwise_goes_back_by_itself(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[str] = []
    monkeypatch.setattr(
        consequences, "APPROVED", (lambda _s, payment, _n: followed.append(payment.id),)
    )
    now = now_source.now()
    with town.database.write() as session:
        lost = begin(town, session, "rosa-1")
        paying.fail(session, lost, "expire", "system", now)
        paid = begin(town, session, "rosa-2", how=How("cash"))
        paying.approve_in_cash(session, paid, "staff:caja", now)
        paying.approve(session, moves.hold(session, lost.id), "provider:simulated", now)
        assert (lost.state, lost.twice, lost.refunding_minor) == ("approved", True, 12_050)
        assert followed == [paid.id]


def test_money_that_comes_late_is_taken_all_the_same(town: Town) -> None:
    now = now_source.now()
    with town.database.write() as session:
        lost = begin(town, session, "rosa-1")
        paying.fail(session, lost, "expire", "system", now)
        paying.approve(session, moves.hold(session, lost.id), "provider:simulated", now)
        assert (lost.state, lost.twice) == ("approved", False)
        assert starting.holder(session, "debt:rentas:A-17-03") is lost


@pytest.mark.parametrize(
    "change",
    [
        "amount_minor = 0",
        "amount_minor = -1",
        "refunded_minor = 12051, state = 'refunded'",
        "refunding_minor = 12051",
        "refunded_minor = 50",
        "state = 'lost'",
        "approved_at = NULL",
        "method = 'cheque'",
        "provider = NULL",
    ],
)
def test_the_database_itself_refuses_what_does_not_add_up(town: Town, change: str) -> None:
    with town.database.write() as session:
        payment = begin(town, session)
        paying.approve(session, payment, "provider:simulated", now_source.now())
    with pytest.raises(IntegrityError), town.database.write() as session:
        session.execute(text("UPDATE payment SET " + change))  # noqa: S608 - its own examples


def test_the_database_itself_refuses_one_thing_paid_twice(town: Town) -> None:
    with town.database.write() as session:
        begin(town, session, "rosa-1")
        second = begin(town, session, "rosa-2", PARKS)
    with pytest.raises(IntegrityError), town.database.write() as session:
        line = session.scalars(select(PaymentItem).where(PaymentItem.payment_id == second.id)).one()
        line.holds = "debt:rentas:A-17-03"
        session.flush()
