"""What a payment shows of its receipt."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import receipts
from turnero_queue.models import Payment


def of_payment(session: Session, payment: Payment) -> Mapping[str, Any] | None:
    """What the API shows of a payment's receipt: its number and the code that proves it."""
    receipt = receipts.of_payment(session, payment.id)
    if receipt is None:
        return None
    return {
        "number": receipts.number_of(receipt),
        "code": receipt.code,
        "point_of_sale": receipt.point_of_sale,
        "issued_at": clock.rfc3339(receipt.issued_at),
    }
