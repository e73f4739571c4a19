"""What a provider says of an order, brought into our books by rules that only go forward.

Whatever comes twice, late or out of order therefore changes nothing that is not so: an order is
always the one just fetched, and money that came is never taken for money that did not.
"""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue import audit
from turnero_queue.models import Payment, Refund
from turnero_queue.payments import moves, paying, refunds, states
from turnero_queue.payments.provider import Order, Returned, Status

VERBS = {Status.REJECTED: "reject", Status.CANCELLED: "cancel", Status.EXPIRED: "expire"}
AT_PROVIDER = "refunded at the provider"
log = structlog.get_logger()


def actor_of(payment: Payment) -> str:
    return f"provider:{payment.provider}"


def apply(session: Session, payment: Payment, order: Order, now: datetime) -> None:
    """Bring the payment to what the order is. Whoever calls holds the payment."""
    why = mismatch(payment, order)
    if why:
        refuse(session, payment, order, why, now)
        return
    if payment.provider_reference is None:
        moves.note(session, payment, now, provider_reference=order.reference)
    _take_instructions(session, payment, order, now)
    _take_outcome(session, payment, order, now)
    if payment.state in states.PAID:
        _take_refunds(session, payment, order, now)


def mismatch(payment: Payment, order: Order) -> str:
    """Why an order cannot be this payment's; empty when it can."""
    if order.external_reference != payment.id:
        return "another-payment"
    if payment.provider_reference not in (None, order.reference):
        return "another-order"
    if order.amount_minor != payment.amount_minor:
        return "another-amount"
    if order.currency not in (None, payment.currency):
        return "another-currency"
    return ""


def refuse(session: Session, payment: Payment, order: Order, why: str, now: datetime) -> None:
    """Change nothing but the doubt, and let somebody know."""
    log.warning("payment_order_refused", payment=payment.id, order=order.reference, why=why)
    if payment.unsure and payment.provider_detail == why:
        return
    moves.note(session, payment, now, unsure=True, provider_detail=why)
    audit.record(
        session,
        actor=actor_of(payment),
        action="payment.order-refused",
        subject=f"payment:{payment.id}",
        office_id=payment.office_id,
        after={"why": why, "order": order.reference, "amount_minor": order.amount_minor},
        now=now,
    )


def _take_instructions(session: Session, payment: Payment, order: Order, now: datetime) -> None:
    if payment.state == "created" and order.status in (Status.WAITING, Status.UNSURE):
        moves.move(
            session,
            payment,
            "send",
            actor_of(payment),
            now,
            data={"order": order.reference},
            qr_data=order.qr_data,
        )
    elif order.qr_data and not payment.qr_data:
        moves.note(session, payment, now, qr_data=order.qr_data)


def _take_outcome(session: Session, payment: Payment, order: Order, now: datetime) -> None:
    """Forward only: approved once, ended only while open; an old tale of waiting says nothing."""
    unsure = order.status is Status.UNSURE
    if order.status is Status.APPROVED:
        if payment.state not in states.PAID:
            paying.approve(session, payment, actor_of(payment), now, detail=order.detail)
    elif payment.state in states.OPEN and order.status in VERBS:
        verb = VERBS[order.status]
        if verb == "cancel" and not payment.cancel_asked and now >= payment.expires_at:
            verb = "expire"
        paying.fail(session, payment, verb, actor_of(payment), now, order.detail)
    elif payment.state in states.OPEN and payment.unsure != unsure:
        moves.note(session, payment, now, unsure=unsure, provider_detail=order.detail)


def _take_refunds(session: Session, payment: Payment, order: Order, now: datetime) -> None:
    ours = {refund.provider_reference: refund for refund in refunds.of_payment(session, payment.id)}
    for returned in order.refunds:
        refund = ours.get(returned.reference) or _waiting_for(session, payment, returned)
        if refund is None:
            _made_there(session, payment, returned, now)
            continue
        if refund.provider_reference is None and refund.state in ("created", "pending"):
            refunds.under_way(
                session, refund, now, provider_reference=returned.reference, state="pending"
            )
        if returned.done is not None:
            refunds.settle(
                session,
                payment,
                refund.id,
                now,
                done=returned.done,
                actor=actor_of(payment),
                reference=returned.reference,
            )


def _waiting_for(session: Session, payment: Payment, returned: Returned) -> Refund | None:
    """The refund that we asked for and that this one must be: same amount, not yet matched."""
    query = select(Refund).where(
        Refund.payment_id == payment.id,
        Refund.amount_minor == returned.amount_minor,
        Refund.provider_reference.is_(None),
        Refund.state.in_(("created", "pending")),
        Refund.checks > 0,
    )
    return session.scalars(query.order_by(Refund.id)).first()


def _made_there(session: Session, payment: Payment, returned: Returned, now: datetime) -> None:
    """Somebody gave money back in the provider's own pages: our books say so too."""
    if not returned.done or returned.amount_minor > refunds.left(payment):
        return
    key = f"there:{payment.id}:{returned.reference}"
    actor = actor_of(payment)
    refund = refunds.ask(session, payment, returned.amount_minor, AT_PROVIDER, actor, key, now)
    reference = returned.reference
    refunds.settle(session, payment, refund.id, now, done=True, actor=actor, reference=reference)
