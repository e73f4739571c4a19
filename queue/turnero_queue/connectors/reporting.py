"""The outbox of paid debts: a row in the transaction that approves, told to the system the debt
came from until it has taken it. The key of a report never changes, so that one which was heard
but not confirmed is booked once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from turnero_core import live
from turnero_core.i18n import pick
from turnero_queue.connectors.debt import Debt, Paid
from turnero_queue.models import DebtReport, Payment, PaymentItem, Receipt
from turnero_queue.receipts import numbers

TOPIC = "debt-reports"
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=30)
OVERDUE = timedelta(hours=1)
# A system may be slow to forget what it has been told was paid.
FORGETS_WITHIN = timedelta(days=1)


def enqueue(session: Session, payment: Payment, now: datetime) -> int:
    """Put every debt of an approved payment into the outbox; how many."""
    query = select(PaymentItem).where(
        PaymentItem.payment_id == payment.id, PaymentItem.debt_key.is_not(None)
    )
    receipt = session.scalars(
        select(Receipt).where(Receipt.payment_id == payment.id, Receipt.kind == "receipt")
    ).one_or_none()
    number = numbers.written(receipt.point_of_sale, receipt.number) if receipt else ""
    items = session.scalars(query.order_by(PaymentItem.position)).all()
    for item in items:
        session.add(_report(payment, item, number, now))
    session.flush()
    if items:
        live.announce(session, TOPIC, 0, "due", {})
    return len(items)


def claim(session: Session, now: datetime) -> DebtReport | None:
    """Take the report that has waited longest; None when none is due. It is somebody else's
    again after `LEASE`, should this process not come back."""
    query = (
        select(DebtReport)
        .where(DebtReport.state == "waiting", DebtReport.next_at <= now)
        .order_by(DebtReport.next_at, DebtReport.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )
    report = session.scalars(query).one_or_none()
    if report is None:
        return None
    taken = session.execute(
        update(DebtReport)
        .where(
            DebtReport.id == report.id,
            DebtReport.state == "waiting",
            DebtReport.attempts == report.attempts,
        )
        .values(attempts=report.attempts + 1, next_at=now + LEASE)
        .returning(DebtReport.id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        return None
    session.refresh(report)
    return report


def is_due(session: Session, now: datetime) -> bool:
    """Whether there is something to report; by reading, so that it costs nobody a write."""
    query = select(DebtReport.id).where(DebtReport.state == "waiting", DebtReport.next_at <= now)
    return session.scalar(query.limit(1)) is not None


def done(session: Session, report: DebtReport, now: datetime) -> bool:
    """The system has taken it; False when that was known already."""
    return _settle(session, report, state="reported", reported_at=now, last_error=None)


def failed(session: Session, report: DebtReport, why: str, now: datetime) -> bool:
    """Not taken: again after a pause that doubles, for as long as it takes."""
    return _settle(session, report, next_at=now + pause(report.attempts), last_error=why[:200])


def pause(attempts: int) -> timedelta:
    """The wait after the n-th try: 5, 10, 20 seconds and so on up to half an hour."""
    doublings: int = 1 << min(max(attempts - 1, 0), 12)
    return min(timedelta(seconds=5) * doublings, LONGEST_WAIT)


def as_told(report: DebtReport) -> tuple[Debt, Paid]:
    """What a connector is told of a report."""
    debt = Debt(
        key=report.debt_key,
        description=report.description,
        period="",
        due=None,
        amount_minor=report.amount_minor,
        currency=report.currency,
    )
    paid = Paid(
        key=report.key,
        receipt=report.receipt,
        method=report.method,
        amount_minor=report.amount_minor,
        currency=report.currency,
        at=report.paid_at,
    )
    return debt, paid


def outstanding(
    session: Session, connector: str, debts: Sequence[Debt], now: datetime
) -> list[Debt]:
    """`debts` without those that were paid here and of which the system may not know yet."""
    keys = [debt.key for debt in debts]
    query = (
        select(DebtReport.debt_key)
        .join(Payment, Payment.id == DebtReport.payment_id)
        .where(
            DebtReport.connector == connector,
            DebtReport.debt_key.in_(keys),
            Payment.state.in_(("approved", "partly_refunded")),
            (DebtReport.state == "waiting") | (DebtReport.reported_at > now - FORGETS_WITHIN),
        )
    )
    paid = set(session.scalars(query))
    return [debt for debt in debts if debt.key not in paid]


def overdue(session: Session, now: datetime) -> list[DebtReport]:
    """Reports that a system has not taken for an hour, for whoever supervises."""
    query = select(DebtReport).where(
        DebtReport.state == "waiting", DebtReport.created_at < now - OVERDUE
    )
    return list(session.scalars(query.order_by(DebtReport.created_at)))


def key_of(payment_id: str, debt: str) -> str:
    """Always the same for a payment and a debt, and says nothing of either's owner."""
    return f"{payment_id}-{hashlib.sha256(debt.encode()).hexdigest()[:24]}"


def _report(payment: Payment, item: PaymentItem, number: str, now: datetime) -> DebtReport:
    connector, _, key = (item.debt_key or "").partition(":")
    return DebtReport(
        key=key_of(payment.id, item.debt_key or ""),
        payment_id=payment.id,
        connector=connector,
        debt_key=key,
        description=pick(item.names, payment.language)[:200],
        amount_minor=item.amount_minor,
        currency=payment.currency,
        receipt=number,
        method=payment.method,
        paid_at=payment.approved_at or now,
        next_at=now,
        created_at=now,
    )


def _settle(session: Session, report: DebtReport, **values: object) -> bool:
    settled = session.execute(
        update(DebtReport)
        .where(
            DebtReport.id == report.id,
            DebtReport.state == "waiting",
            DebtReport.attempts == report.attempts,
        )
        .values(**values)
        .returning(DebtReport.id)
        .execution_options(synchronize_session=False)
    )
    return settled.first() is not None
