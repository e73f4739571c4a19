"""Who may sign in with a password, where the city has a provider of its own for the others."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from turnero_queue import audit
from turnero_queue.models import Municipality, Staff, StaffRole, StaffSession
from turnero_queue.permissions import Role
from turnero_queue.sessions import IDLE

EVERYBODY, ADMINISTRATORS = "everybody", "administrators"


def administrators_only(session: Session) -> bool:
    """Whether passwords are for administrators, who must get in when the provider is down."""
    stored = session.scalar(select(Municipality.sign_in)) or {}
    return bool(stored.get("provider")) and stored.get("passwords") == ADMINISTRATORS


def needs_provider(session: Session, person: Staff) -> bool:
    """Whether this person may no longer use a password."""
    return administrators_only(session) and not any(
        row.role == Role.ADMINISTRATOR for row in person.roles
    )


def enforce(session: Session, *, actor: str, now: datetime) -> int:
    """End the sessions that were opened with a password by whom none serves any more; gives how
    many of them were in use."""
    if not administrators_only(session):
        return 0
    used = select(func.count()).where(*_left(), StaffSession.last_seen_at > now - IDLE)
    ended = session.scalar(used) or 0
    session.execute(update(StaffSession).where(*_left()).values(revoked_at=now))
    if ended:
        audit.record(
            session,
            actor=actor,
            action="session.end",
            subject="passwords are for administrators",
            after={"sessions": ended},
            now=now,
        )
    return ended


def at_stake(session: Session, now: datetime) -> int:
    """How many people `enforce` would sign out if passwords were for administrators."""
    people = select(func.count(StaffSession.staff_id.distinct()))
    return session.scalar(people.where(*_left(), StaffSession.last_seen_at > now - IDLE)) or 0


def _left() -> tuple[ColumnElement[bool], ...]:
    administrators = select(StaffRole.staff_id).where(StaffRole.role == Role.ADMINISTRATOR)
    return (
        StaffSession.revoked_at.is_(None),
        StaffSession.way == "password",
        StaffSession.staff_id.not_in(administrators),
    )
