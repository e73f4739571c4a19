"""The lease that decides which of several processes runs the scheduled jobs."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_server.models import SchedulerLease

LASTS = timedelta(seconds=60)


def take(session: Session, holder: str, now: datetime) -> bool:
    """Take or renew the lease; True when `holder` has it for the next minute."""
    values = {"id": 1, "holder": holder, "expires_at": now + LASTS}
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = session.execute(insert(SchedulerLease).values(**values).on_conflict_do_nothing())
    if _rows(made):
        return True
    renewed = session.execute(
        update(SchedulerLease)
        .where((SchedulerLease.holder == holder) | (SchedulerLease.expires_at <= now))
        .values(holder=holder, expires_at=now + LASTS)
        .execution_options(synchronize_session=False)
    )
    return _rows(renewed) == 1


def give_up(session: Session, holder: str) -> None:
    """Let another process take over at once."""
    session.execute(delete(SchedulerLease).where(SchedulerLease.holder == holder))


def holder(session: Session, now: datetime) -> str | None:
    """Who runs the jobs at the moment."""
    query = select(SchedulerLease.holder).where(SchedulerLease.expires_at > now)
    return session.scalar(query)


def _rows(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
