"""Receipts and credit notes: issued with the money, printed, mailed, shown, and printed again."""

from datetime import datetime

from sqlalchemy.orm import Session

from turnero_queue.models import Payment, Refund
from turnero_queue.receipts import issuing, printing
from turnero_queue.receipts.issuing import credit, credit_notes, issue, number_of, of_payment
from turnero_queue.receipts.pdf import receipt_pdf
from turnero_queue.receipts.printing import mail, print_receipt, print_voucher, reprint
from turnero_queue.receipts.slips import receipt_slip, voucher_slip

__all__ = [
    "credit",
    "credit_notes",
    "issue",
    "mail",
    "number_of",
    "of_payment",
    "print_receipt",
    "print_voucher",
    "receipt_pdf",
    "receipt_slip",
    "reprint",
    "voucher_slip",
    "when_approved",
    "when_refunded",
]


def when_approved(session: Session, payment: Payment, now: datetime) -> None:
    """A payment is approved: its receipt, on paper at the kiosk and in the payer's mailbox."""
    receipt = issuing.issue(session, payment, now)
    printing.at_the_kiosk(session, payment, receipt, now)
    printing.send(session, payment, receipt, now)


def when_refunded(session: Session, payment: Payment, refund: Refund, now: datetime) -> None:
    """Money went back: the credit note."""
    issuing.credit(session, payment, refund, now)
