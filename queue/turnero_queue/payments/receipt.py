"""Where a payment's receipt is looked up; receipts themselves are made elsewhere."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from turnero_queue.models import Payment

Lookup = Callable[[Session, Payment], Mapping[str, Any] | None]
# In order; the first that knows one answers.
LOOKUPS: tuple[Lookup, ...] = ()


def of_payment(session: Session, payment: Payment) -> Mapping[str, Any] | None:
    """What the API shows of a payment's receipt, such as its number and address; None if none."""
    for look in LOOKUPS:
        found = look(session, payment)
        if found is not None:
            return found
    return None
