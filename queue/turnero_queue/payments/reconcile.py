"""Compares our books with a provider's own list: mends what it can, and keeps what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue.models import Difference, Municipality, Payment, Reconciliation
from turnero_queue.payments import states
from turnero_queue.payments.clearing import Clearing
from turnero_queue.payments.provider import Order, Provider, Status

log = structlog.get_logger()


@dataclass(frozen=True)
class Report:
    """A finished comparison with what differs."""

    reconciliation: Reconciliation
    differences: Sequence[Difference]


def providers(database: Database, since: datetime) -> list[str]:
    """The providers that had payments since then."""
    query = select(Payment.provider).where(
        Payment.provider.is_not(None), Payment.created_at >= since
    )
    with database.read() as session:
        return [str(code) for code in session.scalars(query.distinct())]


def currency(session: Session) -> str:
    """The municipality's."""
    return session.scalar(select(Municipality.currency)) or ""


def run(
    database: Database, clearing: Clearing, provider: Provider, since: datetime, until: datetime
) -> Report:
    """Compare every order made in [since, until); ProviderError when the list cannot be had.

    What the provider knows better is brought in first: only what still differs is kept.
    """
    with database.read() as session:
        in_force = currency(session)
    orders = list(provider.orders(since, until, in_force))
    for order in orders:
        clearing.bring_in(provider.code, order)
    with database.write() as session:
        report = _compare(session, provider.code, orders, since, until)
    if report.differences:
        log.error("payments_differ", provider=provider.code, count=len(report.differences))
    return report


def _compare(
    session: Session, provider: str, orders: Sequence[Order], since: datetime, until: datetime
) -> Report:
    theirs = {order.external_reference: order for order in orders}
    ours = _ours(session, provider, theirs, since, until)
    paid_there = [order for order in orders if order.status is Status.APPROVED]
    paid_here = [payment for payment in ours.values() if payment.state in states.PAID]
    made = Reconciliation(
        provider=provider,
        at=clock.now(),
        since=since,
        until=until,
        compared=len(theirs),
        ours_minor=sum(entry.amount_minor - entry.refunded_minor for entry in paid_here),
        theirs_minor=sum(order.amount_minor - order.refunded_minor for order in paid_there),
    )
    session.add(made)
    session.flush()
    differences = list(_differences(made.id, theirs, ours))
    session.add_all(differences)
    session.flush()
    return Report(made, differences)


def _ours(
    session: Session, provider: str, theirs: dict[str, Order], since: datetime, until: datetime
) -> dict[str, Payment]:
    """Payments of that time that should be on the list, and those that are on it anyway."""
    query = select(Payment).where(Payment.provider == provider)
    made = Payment.created_at.between(since, until) & Payment.provider_reference.is_not(None)
    found = {row.id: row for row in session.scalars(query.where(made, Payment.created_at < until))}
    missing = [key for key in theirs if key not in found]
    for start in range(0, len(missing), 500):
        rows = session.scalars(query.where(Payment.id.in_(missing[start : start + 500])))
        found.update((row.id, row) for row in rows)
    return found


def _differences(
    run_id: str, theirs: dict[str, Order], ours: dict[str, Payment]
) -> Iterator[Difference]:
    for key in sorted({*theirs, *ours}):
        order, payment = theirs.get(key), ours.get(key)
        kind = _kind(order, payment)
        if kind:
            yield Difference(
                reconciliation_id=run_id,
                kind=kind,
                payment_id=payment.id if payment else None,
                provider_reference=_reference(order, payment),
                ours_state=payment.state if payment else None,
                theirs_state=str(order.status) if order else None,
                ours_minor=payment.amount_minor - payment.refunded_minor if payment else None,
                theirs_minor=order.amount_minor - order.refunded_minor if order else None,
            )


def _reference(order: Order | None, payment: Payment | None) -> str | None:
    if order:
        return order.reference
    return payment.provider_reference if payment else None


def _kind(order: Order | None, payment: Payment | None) -> str:
    """How the two differ; an order that brought no money and is nobody's is no difference."""
    if order is None:
        return "missing_there" if payment and payment.state in states.PAID else ""
    paid_there = order.status is Status.APPROVED
    if payment is None:
        return "missing_here" if paid_there else ""
    if order.amount_minor != payment.amount_minor:
        return "amount"
    if paid_there != (payment.state in states.PAID):
        return "state"
    return "refund" if order.refunded_minor != payment.refunded_minor else ""
