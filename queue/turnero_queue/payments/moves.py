"""Moves of one payment: the only place that writes a payment's state.

Every move is a compare-and-set of state and version, with its event, in one transaction; the
functions never commit. `hold` first: then nobody else moves the payment before the commit.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from turnero_core import clock, live
from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_
from turnero_queue.models import Payment, PaymentEvent, PaymentItem
from turnero_queue.payments import states

SYSTEM = "system"


def topic(payment_id: str) -> str:
    """What a screen that follows a payment listens to."""
    return f"payment/{payment_id}"


def hold(session: Session, payment_id: str) -> Payment:
    """The payment as it is now, held for the rest of the transaction; NotFound."""
    query = select(Payment).where(Payment.id == payment_id).with_for_update()
    payment = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if payment is None:
        raise NotFound(N_("There is no such payment."))
    return payment


def move(
    session: Session,
    payment: Payment,
    verb: str,
    actor: str,
    now: datetime,
    *,
    reason: str | None = None,
    data: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """Make the move `verb`, writing the columns `values` too; Conflict when it is illegal."""
    step = states.allowed(verb, payment.state)
    if step.target in states.FAILED:
        values = {"ended_at": now, "check_at": None, "unsure": False, **values}
    _compare_and_set(session, payment, step.target, values)
    if step.target in states.FAILED or step.target == "refunded":
        release(session, payment)
    record(session, payment, step.kind, actor, now, reason, data)


def note(session: Session, payment: Payment, now: datetime, **values: Any) -> None:
    """Write columns that are not the state, without an event."""
    session.execute(update(Payment).where(Payment.id == payment.id).values(**values))
    _remember(payment, values)


def mark(
    session: Session,
    payment: Payment,
    kind: str,
    actor: str,
    now: datetime,
    *,
    reason: str | None = None,
    data: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """An event that leaves the state as it is, with the columns `values`."""
    _compare_and_set(session, payment, payment.state, values)
    record(session, payment, kind, actor, now, reason, data)


def record(
    session: Session,
    payment: Payment,
    kind: str,
    actor: str,
    now: datetime,
    reason: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Append an event numbered by the payment's version, and announce it."""
    session.execute(
        insert(PaymentEvent).values(
            payment_id=payment.id,
            seq=payment.version,
            kind=kind,
            state=payment.state,
            at=now,
            actor=actor,
            reason=reason,
            data=data or {},
        )
    )
    announced = {"state": payment.state, "at": clock.rfc3339(now)}
    live.announce(session, topic(payment.id), payment.version, "payment", announced)


def release(session: Session, payment: Payment) -> None:
    """What the payment was for may be paid for again."""
    session.execute(
        update(PaymentItem).where(PaymentItem.payment_id == payment.id).values(holds=None)
    )


def _compare_and_set(
    session: Session, payment: Payment, state: str, values: dict[str, Any]
) -> None:
    values = {**values, "state": state, "version": payment.version + 1}
    changed = session.execute(
        update(Payment)
        .where(
            Payment.id == payment.id,
            Payment.state == payment.state,
            Payment.version == payment.version,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(
            N_("Somebody else has just changed this payment. Look at it again."),
            slug="illegal-transition",
            extra={"state": payment.state},
        )
    _remember(payment, values)


def _remember(payment: Payment, values: dict[str, Any]) -> None:
    for name, value in values.items():
        set_committed_value(payment, name, value)
