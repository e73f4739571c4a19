"""Giving money back, wholly or in part: what is asked for is reserved before anything is sent.

A refund is `created`, then `pending` while the provider works on it, then `approved` (the money
is back) or `rejected` (nothing was given back, and the amount may be asked for again).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_queue import audit
from turnero_queue.models import Payment, Refund
from turnero_queue.payments import consequences, money, moves, states

LONGEST_REASON = 500


def left(payment: Payment) -> int:
    """What may still be given back, in minor units."""
    if payment.state not in ("approved", "partly_refunded"):
        return 0
    return payment.amount_minor - payment.refunded_minor - payment.refunding_minor


def ask(
    session: Session,
    payment: Payment,
    amount_minor: int,
    reason: str,
    actor: str,
    key: str,
    now: datetime,
) -> Refund:
    """Reserve a refund, or give the one that `key` asked for before. The caller holds the payment.

    A cash refund is `created` until `settle` says that the cashier has given the money; one of
    a provider is sent by the worker. Invalid when it is more than is left or has no reason.
    """
    before = session.scalars(select(Refund).where(Refund.idempotency_key == key)).one_or_none()
    if before is not None:
        return _same(before, payment, amount_minor)
    _check(payment, amount_minor, reason)
    refund = Refund(
        payment_id=payment.id,
        idempotency_key=key,
        amount_minor=amount_minor,
        reason=" ".join(reason.split())[:LONGEST_REASON],
        actor=actor[:80],
        state="created",
        created_at=now,
        check_at=now if payment.provider else None,
        checks=0,
    )
    session.add(refund)
    session.flush()
    moves.mark(
        session,
        payment,
        "refund_asked",
        actor[:80],
        now,
        reason=refund.reason,
        data={"refund": refund.id, "amount_minor": amount_minor},
        refunding_minor=payment.refunding_minor + amount_minor,
    )
    _audit(session, payment, refund, "payment.refund-asked", actor, now)
    return refund


def settle(
    session: Session,
    payment: Payment,
    refund_id: str,
    now: datetime,
    *,
    done: bool,
    actor: str = moves.SYSTEM,
    reference: str | None = None,
    detail: str = "",
) -> Refund:
    """The money is back, or will not go back. The caller holds the payment; again is harmless."""
    refund = hold(session, refund_id)
    if refund.state in ("approved", "rejected"):
        return refund
    _set(
        session,
        refund,
        state="approved" if done else "rejected",
        ended_at=now,
        check_at=None,
        detail=detail[:200],
        provider_reference=reference or refund.provider_reference,
    )
    if done:
        _given_back(session, payment, refund, actor, now)
    else:
        back = payment.refunding_minor - refund.amount_minor
        data = {"refund": refund.id, "detail": detail[:200]}
        moves.mark(session, payment, "refund_failed", actor, now, data=data, refunding_minor=back)
    action = "payment.refunded" if done else "payment.refund-failed"
    _audit(session, payment, refund, action, actor, now)
    return refund


def hold(session: Session, refund_id: str) -> Refund:
    """The refund as it is now; hold its payment first."""
    query = select(Refund).where(Refund.id == refund_id).execution_options(populate_existing=True)
    refund = session.scalars(query).one_or_none()
    if refund is None:
        raise NotFound(N_("There is no such refund."))
    return refund


def of_payment(session: Session, payment_id: str) -> list[Refund]:
    query = select(Refund).where(Refund.payment_id == payment_id).order_by(Refund.id)
    return list(session.scalars(query))


def under_way(session: Session, refund: Refund, now: datetime, **values: Any) -> None:
    """Note what the provider said of a refund that is not settled yet."""
    _set(session, refund, **values)


def _given_back(
    session: Session, payment: Payment, refund: Refund, actor: str, now: datetime
) -> None:
    given = payment.refunded_minor + refund.amount_minor
    whole = given == payment.amount_minor
    moves.move(
        session,
        payment,
        "refund-rest" if whole else "refund-part",
        actor[:80],
        now,
        reason=refund.reason,
        data={"refund": refund.id, "amount_minor": refund.amount_minor},
        refunded_minor=given,
        refunding_minor=payment.refunding_minor - refund.amount_minor,
        **({"ended_at": now} if whole else {}),
    )
    if not payment.twice:
        consequences.refunded(session, payment, refund, now)


def _check(payment: Payment, amount_minor: int, reason: str) -> None:
    if payment.state not in states.PAID:
        raise Conflict(
            N_("Only what was paid can be given back: the payment is “%(state)s”."),
            slug="illegal-transition",
            title=N_("Nothing to give back"),
            extra={"state": payment.state},
            state=states.name_of(payment.state),
        )
    if not reason.strip():
        raise Invalid(errors={"reason": [gettext(N_("Say why the money goes back."))]})
    if amount_minor <= 0:
        raise Invalid(errors={"amount": [gettext(N_("Give back more than zero."))]})
    if amount_minor > left(payment):
        rest = f"{money.plain(left(payment), payment.currency)} {payment.currency}"
        message = gettext(N_("At most %(left)s can be given back."), left=rest)
        raise Invalid(errors={"amount": [message]})


def _same(refund: Refund, payment: Payment, amount_minor: int) -> Refund:
    if (refund.payment_id, refund.amount_minor) != (payment.id, amount_minor):
        raise Invalid(
            N_("This Idempotency-Key was used for another request. Use a new key for each."),
            slug="idempotency-key-reused",
            title=N_("Key used before"),
        )
    return refund


def _set(session: Session, refund: Refund, **values: Any) -> None:
    session.execute(
        update(Refund)
        .where(Refund.id == refund.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    for name, value in values.items():
        set_committed_value(refund, name, value)


def _audit(
    session: Session, payment: Payment, refund: Refund, action: str, actor: str, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"payment:{payment.id}",
        office_id=payment.office_id,
        after={"refund": refund.id, "amount_minor": refund.amount_minor, "state": refund.state},
        reason=refund.reason,
        now=now,
    )
