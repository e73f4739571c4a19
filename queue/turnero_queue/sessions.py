"""The browsers in which members of staff are signed in: listed, seen last, revoked."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.orm import Session

from turnero_queue.models import Office, Staff, StaffRole, StaffSession

# A browser left alone for so long has to sign in again.
IDLE = timedelta(hours=12)
# How exact "seen last" is: writing it at every request would cost more than it tells.
NOTED_EVERY = timedelta(minutes=5)


def begin(
    session: Session,
    person: Staff,
    now: datetime,
    *,
    address: str,
    agent: str,
    way: str = "password",
) -> StaffSession:
    """A new session of `person` in the browser that calls itself `agent`."""
    opened = StaffSession(
        staff_id=person.id,
        created_at=now,
        last_seen_at=now,
        address=address[:64],
        agent=agent[:200],
        way=way,
    )
    session.add(opened)
    session.flush()
    return opened


def look_up(
    database: Session | Connection, session_id: str, now: datetime
) -> "Row[str, str, str, bool, bool, datetime, str] | None":
    """The account behind a session that still counts, and when it was last seen."""
    return database.execute(
        select(
            Staff.id,
            Staff.login,
            Staff.name,
            Staff.must_change_password,
            Staff.totp_secret.is_not(None).label("has_second_factor"),
            StaffSession.last_seen_at,
            StaffSession.way,
        )
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(
            StaffSession.id == session_id,
            StaffSession.revoked_at.is_(None),
            StaffSession.last_seen_at > now - IDLE,
            Staff.active,
        )
    ).one_or_none()


def roles_of(
    database: Session | Connection, staff_id: str
) -> list[tuple[str, str | None, str | None]]:
    """(role, office id, office code) of everything given to somebody."""
    rows = database.execute(
        select(StaffRole.role, StaffRole.office_id, Office.code)
        .outerjoin(Office, Office.id == StaffRole.office_id)
        .where(StaffRole.staff_id == staff_id)
    )
    return [(row.role, row.office_id, row.code) for row in rows]


def open_of(session: Session, staff_id: str, now: datetime) -> list[StaffSession]:
    """Sessions that still count, the one seen last first."""
    query = select(StaffSession).where(
        StaffSession.staff_id == staff_id,
        StaffSession.revoked_at.is_(None),
        StaffSession.last_seen_at > now - IDLE,
    )
    return list(session.scalars(query.order_by(StaffSession.last_seen_at.desc())))


def seen(session: Session, session_id: str, now: datetime) -> None:
    session.execute(
        update(StaffSession).where(StaffSession.id == session_id).values(last_seen_at=now)
    )


def revoke(session: Session, staff_id: str, session_id: str, now: datetime) -> bool:
    """End one session of somebody; False when there was no such one."""
    changed = session.execute(
        update(StaffSession)
        .where(
            StaffSession.id == session_id,
            StaffSession.staff_id == staff_id,
            StaffSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def revoke_all(session: Session, staff_id: str, now: datetime) -> int:
    """End every session of somebody; gives how many there were."""
    changed = session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]
