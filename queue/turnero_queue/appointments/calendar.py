"""An office's calendar held by a transaction: its changes come one after another, numbered."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_core.db import Base
from turnero_queue import announcements
from turnero_queue.models import AppointmentCalendar

_CHANGED_HERE = "appointments_changed"
_TABLE = Base.metadata.tables[AppointmentCalendar.__tablename__]
_VERSION = select(_TABLE.c.version).where(_TABLE.c.office_id == bindparam("office"))
_NEXT = (
    update(_TABLE)
    .where(_TABLE.c.office_id == bindparam("office"))
    .values(version=_TABLE.c.version + 1)
    .returning(_TABLE.c.version)
)


def version(session: Session, office_id: str) -> int:
    """Grows with every change of the office's appointments."""
    return session.scalar(_VERSION, {"office": office_id}) or 0


def changed_here(session: Session) -> bool:
    """Whether this transaction has changed a calendar: what it sees, nobody else does yet."""
    return bool(session.info.get(_CHANGED_HERE))


def change(session: Session, office_id: str, kind: str, now: datetime) -> int:
    """Hold the calendar until the transaction ends, and announce after it what changed."""
    number: int | None = session.scalar(_NEXT, {"office": office_id})
    if number is None:
        dialect = session.get_bind().dialect.name
        insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        session.execute(
            insert(_TABLE).values(office_id=office_id, version=0).on_conflict_do_nothing()
        )
        number = session.scalars(_NEXT, {"office": office_id}).one()
    session.info[_CHANGED_HERE] = True
    announcements.appointments_changed(session, office_id, number, kind, now)
    return number
