"""A cashier's session: opened with a float, held by its moves, counted blind, closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Forbidden, Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, catalogue, staff
from turnero_queue.grants import Grant, Grants
from turnero_queue.models import CashMovement, CashSession, Staff
from turnero_queue.payments import money
from turnero_queue.permissions import Permission, Role
from turnero_queue.points_of_sale import PointOfSale

LONGEST_REASON = 500


def open_session(
    session: Session, cashier: Staff, place: PointOfSale, float_minor: int, now: datetime
) -> CashSession:
    """Begin at a point of sale with `float_minor` in the drawer.

    Conflict `cash-open` when the cashier or the point of sale has a session open already.
    """
    if not 0 <= float_minor <= money.MOST_MINOR:
        raise Invalid(
            errors={"float": [gettext(N_("Give the money in the drawer, zero or more."))]}
        )
    configured = catalogue.current(session)
    row = CashSession(
        office_id=configured.office(place.office).id,
        point_of_sale=place.code,
        staff_id=cashier.id,
        currency=configured.currency,
        float_minor=float_minor,
        opened_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Conflict(
            N_("You, or this point of sale, have a cash session open already. Close it first."),
            slug="cash-open",
            title=N_("A cash session is open"),
        ) from None
    add(session, row, cashier, "float", float_minor, float_minor, now)
    _audit(session, row, cashier, "cash.open", now, after={"float_minor": float_minor})
    return row


def current(session: Session, staff_id: str) -> CashSession | None:
    """The session that somebody has open."""
    query = select(CashSession).where(CashSession.staff_id == staff_id, CashSession.state == "open")
    return session.scalars(query).one_or_none()


def hold(session: Session, session_id: str) -> CashSession:
    """The session as it is now, held for the rest of the transaction; NotFound."""
    query = select(CashSession).where(CashSession.id == session_id).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such cash session."))
    return row


def own(session: Session, session_id: str, cashier: Staff) -> CashSession:
    """The cashier's own open session, held; Forbidden for another's, Conflict when not open."""
    row = hold(session, session_id)
    if row.staff_id != cashier.id:
        raise Forbidden(N_("This is somebody else's cash session."), slug="not-your-session")
    if row.state != "open":
        raise Conflict(
            N_("This cash session is closed. Open a new one."),
            slug="cash-not-open",
            title=N_("The cash session is closed"),
            extra={"state": row.state},
        )
    return row


def add(
    session: Session,
    row: CashSession,
    cashier: Staff,
    kind: str,
    amount_minor: int,
    drawer_minor: int,
    now: datetime,
    *,
    tendered_minor: int = 0,
    change_minor: int = 0,
    rounding_minor: int = 0,
    payment_id: str | None = None,
    refund_id: str | None = None,
    reason: str = "",
) -> CashMovement:
    """Append a movement to a session that is held."""
    row.last_seq += 1
    movement = CashMovement(
        session_id=row.id,
        seq=row.last_seq,
        kind=kind,
        amount_minor=amount_minor,
        drawer_minor=drawer_minor,
        rounding_minor=rounding_minor,
        tendered_minor=tendered_minor,
        change_minor=change_minor,
        payment_id=payment_id,
        refund_id=refund_id,
        at=now,
        actor=staff.actor_of(cashier),
        reason=reason,
    )
    session.add(movement)
    session.flush()
    return movement


def expected(session: Session, session_id: str) -> int:
    """What must be in the drawer. For the screen only once it was counted: a count is blind."""
    query = select(func.coalesce(func.sum(CashMovement.drawer_minor), 0))
    return int(session.scalar(query.where(CashMovement.session_id == session_id)) or 0)


def count(
    session: Session,
    session_id: str,
    cashier: Staff,
    counted_minor: int,
    now: datetime,
    *,
    pieces: Mapping[str, int] | None = None,
    reason: str = "",
) -> CashSession:
    """The cashier counted the drawer, without having been told what should be in it; `pieces`
    are how many of each coin and note, by their minor units.

    It is closed when the money is right; else it waits for a reason and somebody's approval.
    """
    row = own(session, session_id, cashier)
    if not 0 <= counted_minor <= money.MOST_MINOR or not _adds_up(pieces or {}, counted_minor):
        message = gettext(N_("The coins and notes do not add up to what was counted."))
        raise Invalid(errors={"counted": [message]})
    row.state = "counted"
    row.counted_minor, row.counted_at = counted_minor, now
    row.count = dict(pieces or {})
    row.expected_minor = expected(session, row.id)
    row.reason = _tidy(reason)
    if not row.difference_minor:
        row.state, row.closed_at = "closed", now
    session.flush()
    _audit(
        session,
        row,
        cashier,
        "cash.count",
        now,
        after={
            "counted_minor": row.counted_minor,
            "expected_minor": row.expected_minor,
            "difference_minor": row.difference_minor,
        },
        reason=row.reason,
    )
    return row


def explain(
    session: Session, session_id: str, cashier: Staff, reason: str, now: datetime
) -> CashSession:
    """Why the drawer holds more or less than it should; only the cashier says so."""
    row = hold(session, session_id)
    if row.staff_id != cashier.id:
        raise Forbidden(N_("This is somebody else's cash session."), slug="not-your-session")
    _check_waits(row)
    row.reason = needed(reason, N_("Say why the money in the drawer is not what it should be."))
    session.flush()
    _audit(session, row, cashier, "cash.explain", now, reason=row.reason)
    return row


def approve(session: Session, session_id: str, approver: Staff, now: datetime) -> CashSession:
    """Somebody else, with the permission for it, accepts a difference and its reason: closed.

    Forbidden `not-yourself` and without the permission; Conflict `reason-missing`.
    """
    row = hold(session, session_id)
    if row.staff_id == approver.id:
        raise Forbidden(N_("Somebody else has to approve this."), slug="not-yourself")
    if not may(approver, Permission.CASH_APPROVE, row.office_id):
        raise Forbidden(N_("You may not approve cash closings in this office."))
    _check_waits(row)
    if not row.reason:
        raise Conflict(N_("The cashier has to say why first."), slug="reason-missing")
    row.state, row.approver_id, row.closed_at = "closed", approver.id, now
    session.flush()
    after = {"difference_minor": row.difference_minor}
    _audit(session, row, approver, "cash.approve", now, after=after, reason=row.reason)
    return row


def to_approve(session: Session, office_ids: list[str] | None = None) -> list[CashSession]:
    """The sessions that wait for an approval, the oldest first."""
    query = select(CashSession).where(CashSession.state == "counted")
    if office_ids is not None:
        query = query.where(CashSession.office_id.in_(office_ids))
    return list(session.scalars(query.order_by(CashSession.counted_at)))


def may(person: Staff, permission: Permission, office_id: str) -> bool:
    """Whether somebody's roles allow it in that office."""
    grants = Grants.of(Grant(Role(role.role), role.office_id) for role in person.roles)
    return person.active and grants.can(permission, office_id)


def needed(reason: str, otherwise: str) -> str:
    """`reason` without needless spaces; Invalid with what to do `otherwise`, when it is empty."""
    reason = _tidy(reason)
    if not reason:
        raise Invalid(errors={"reason": [gettext(otherwise)]})
    return reason


def _tidy(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]


def _adds_up(pieces: Mapping[str, int], counted_minor: int) -> bool:
    if any(not value.isdecimal() or many < 0 for value, many in pieces.items()):
        return False
    return not pieces or sum(int(value) * many for value, many in pieces.items()) == counted_minor


def _check_waits(row: CashSession) -> None:
    if row.state != "counted":
        raise Conflict(
            N_("This cash session does not wait for an approval."),
            slug="cash-not-counted",
            extra={"state": row.state},
        )


def _audit(
    session: Session,
    row: CashSession,
    person: Staff,
    action: str,
    now: datetime,
    *,
    after: Mapping[str, int | None] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        session,
        actor=staff.actor_of(person),
        action=action,
        subject=f"cash:{row.id}",
        office_id=row.office_id,
        after=after,
        reason=reason,
        now=now,
    )
