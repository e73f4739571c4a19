"""Receipts and credit notes: numbered and written in the transaction that moves the money."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.i18n import speaking
from turnero_queue import points_of_sale, verification_codes
from turnero_queue.models import Payment, Receipt, Refund
from turnero_queue.receipts import content, numbers


def issue(session: Session, payment: Payment, now: datetime) -> Receipt:
    """The receipt of an approved payment, issued now unless it has one."""
    known = of_payment(session, payment.id)
    if known is not None:
        return known
    place = points_of_sale.settled(session, payment.office_id, payment.point_of_sale)
    with speaking(payment.language):
        says = content.of_payment(session, payment, place, now)
    return _add(session, payment, "receipt", place.code, says, now, payment.approved_by or "system")


def credit(session: Session, payment: Payment, refund: Refund, now: datetime) -> Receipt:
    """The credit note of money that went back, numbered in a series of its own."""
    query = select(Receipt).where(Receipt.refund_id == refund.id)
    known = session.scalars(query).one_or_none()
    if known is not None:
        return known
    original = issue(session, payment, now)
    place = points_of_sale.settled(session, payment.office_id, original.point_of_sale)
    number = numbers.written(original.point_of_sale, original.number)
    with speaking(payment.language):
        says = content.of_refund(
            session, payment, place, refund.amount_minor, number, refund.reason, now
        )
    return _add(
        session,
        payment,
        "credit_note",
        place.code,
        says,
        now,
        refund.actor,
        refund_id=refund.id,
        original_id=original.id,
    )


def of_payment(session: Session, payment_id: str) -> Receipt | None:
    """The receipt of a payment, if it has been issued."""
    query = select(Receipt).where(Receipt.payment_id == payment_id, Receipt.kind == "receipt")
    return session.scalars(query).one_or_none()


def credit_notes(session: Session, receipt: Receipt) -> list[Receipt]:
    """What was taken back of a receipt, the oldest first."""
    query = select(Receipt).where(Receipt.original_id == receipt.id)
    return list(session.scalars(query.order_by(Receipt.number)))


def number_of(receipt: Receipt) -> str:
    """As people read it: centro-00000042."""
    return numbers.written(receipt.point_of_sale, receipt.number)


def _add(
    session: Session,
    payment: Payment,
    kind: str,
    place: str,
    says: content.Content,
    now: datetime,
    actor: str,
    refund_id: str | None = None,
    original_id: str | None = None,
) -> Receipt:
    # The number comes last but for the row itself: nothing slow happens while others wait for it.
    receipt = Receipt(
        kind=kind,
        point_of_sale=place,
        code=verification_codes.make(),
        office_id=payment.office_id,
        payment_id=payment.id,
        refund_id=refund_id,
        original_id=original_id,
        amount_minor=says.total_minor,
        currency=payment.currency,
        language=payment.language,
        simulated=payment.simulated,
        content=says.to_plain(),
        payer_name=payment.payer_name,
        payer_document=payment.payer_document,
        payer_digest=payment.payer_digest,
        issued_at=now,
        issued_by=actor[:80],
        number=numbers.take(session, place, kind),
    )
    session.add(receipt)
    session.flush()
    return receipt
