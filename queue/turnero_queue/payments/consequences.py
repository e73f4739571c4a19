"""What follows from money that came or went, in the same transaction and in this order.

A function here either does its part or raises, and then nothing of it happened; it does no
input or output of its own, but writes rows that say what is to be sent.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from turnero_queue import receipts
from turnero_queue.connectors import reporting
from turnero_queue.models import Payment, Refund
from turnero_queue.webhooks import noting

Approved = Callable[[Session, Payment, datetime], object]
Refunded = Callable[[Session, Payment, Refund, datetime], None]

# A payment has become approved: its receipt, the debt's report, what is printed, who is told.
APPROVED: tuple[Approved, ...] = (
    receipts.when_approved,
    reporting.enqueue,
    noting.payment_approved,
)
# Money was given back: the credit note, who is told.
REFUNDED: tuple[Refunded, ...] = (receipts.when_refunded, noting.payment_refunded)


def approved(session: Session, payment: Payment, now: datetime) -> None:
    for follow in APPROVED:
        follow(session, payment, now)


def refunded(session: Session, payment: Payment, refund: Refund, now: datetime) -> None:
    for follow in REFUNDED:
        follow(session, payment, refund, now)
