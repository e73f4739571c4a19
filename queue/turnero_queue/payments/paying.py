"""How a payment ends: money came, by whatever way, or it did not."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue.models import Payment, PaymentItem
from turnero_queue.payments import consequences, moves, refunds, states
from turnero_queue.payments.starting import Errand, Item, holds

REFUND_OF_DOUBLE = "paid twice"
EXPIRE_AT_ONCE = 200


def approve(
    session: Session, payment: Payment, actor: str, now: datetime, *, detail: str = ""
) -> None:
    """Money came: the state, and in the same transaction everything that follows from it.

    Whoever calls holds the payment. A payment that had ended without money takes back what it
    was for; if that has been paid otherwise meanwhile, the money goes back by itself.
    """
    twice = payment.state in states.FAILED and not _take_back(session, payment)
    moves.move(
        session,
        payment,
        "approve",
        actor,
        now,
        data={"detail": detail} if detail else None,
        approved_at=now,
        approved_by=actor[:80],
        ended_at=None,
        check_at=None,
        unsure=False,
        twice=twice,
    )
    if twice:
        key = f"twice:{payment.id}"
        refunds.ask(session, payment, payment.amount_minor, REFUND_OF_DOUBLE, "system", key, now)
    else:
        consequences.approved(session, payment, now)


def approve_in_cash(session: Session, payment: Payment, actor: str, now: datetime) -> None:
    """The cashier has the money of a voucher; Conflict `voucher-expired`, `illegal-transition`."""
    payment = moves.hold(session, payment.id)
    if payment.method != "cash":
        raise Conflict(
            N_("This payment is not for the cash desk."), slug="not-cash", title=N_("Not cash")
        )
    states.allowed("approve", payment.state)
    if payment.state != "pending" or now >= payment.expires_at:
        raise Conflict(
            N_("This voucher is no longer valid. Start the payment again."),
            slug="voucher-expired",
            title=N_("Voucher expired"),
            extra={"state": payment.state},
        )
    approve(session, payment, actor, now)


def fail(
    session: Session, payment: Payment, verb: str, actor: str, now: datetime, reason: str = ""
) -> None:
    """It ended without money: `verb` is reject, cancel or expire."""
    moves.move(session, payment, verb, actor, now, reason=reason or None)


def ask_to_cancel(session: Session, payment_id: str, actor: str, now: datetime) -> Payment:
    """Cancel what is not paid yet: at once when no provider knows of it, else by asking it.

    Cancelling again is harmless; Conflict `illegal-transition` when it is paid.
    """
    payment = moves.hold(session, payment_id)
    if payment.state == "cancelled" or payment.cancel_asked:
        return payment
    states.allowed("cancel", payment.state)
    if payment.provider is None or (payment.state == "created" and payment.tried_at is None):
        fail(session, payment, "cancel", actor, now)
    else:
        moves.mark(session, payment, "cancel_asked", actor, now, cancel_asked=True, check_at=now)
    return payment


def expire_vouchers(session: Session, now: datetime) -> int:
    """End the cash payments whose voucher nobody paid in time; gives how many."""
    query = select(Payment.id).where(
        Payment.state == "pending", Payment.provider.is_(None), Payment.expires_at <= now
    )
    ids = session.scalars(query.order_by(Payment.id).limit(EXPIRE_AT_ONCE)).all()
    for payment_id in ids:
        payment = moves.hold(session, payment_id)
        if payment.state == "pending":
            fail(session, payment, "expire", moves.SYSTEM, now)
    return len(ids)


def _take_back(session: Session, payment: Payment) -> bool:
    """Whether the payment holds again all that it is for; nothing of it when another does."""
    query = select(PaymentItem).where(PaymentItem.payment_id == payment.id)
    lines = session.scalars(query.order_by(PaymentItem.position)).all()
    errand = Errand(payment.errand_kind, payment.errand_id)
    try:
        with session.begin_nested():
            for line in lines:
                line.holds = _held(line, errand)
    except IntegrityError:
        return False
    return True


def _held(line: PaymentItem, errand: Errand) -> str:
    item = Item(line.names, line.amount_minor, line.quantity, line.service_id, line.debt_key)
    return holds(errand, item, line.position)
