"""The lease that decides which of several processes runs the scheduled jobs."""

from datetime import datetime, timedelta

from sqlalchemy import Insert, Update, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_server.models import SchedulerLease

LASTS = timedelta(seconds=60)


def take(session: Session, holder: str, now: datetime) -> bool:
    """Take or renew the lease; True when `holder` has it for the next minute."""
    values = {"id": 1, "holder": holder, "expires_at": now + LASTS}
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = insert(SchedulerLease).values(**values).on_conflict_do_nothing()
    renewed = (
        update(SchedulerLease)
        .where((SchedulerLease.holder == holder) | (SchedulerLease.expires_at <= now))
        .values(holder=holder, expires_at=now + LASTS)
    )
    return _did(session, made) or _did(session, renewed)


def give_up(session: Session, holder: str) -> None:
    """Let another process take over at once."""
    session.execute(delete(SchedulerLease).where(SchedulerLease.holder == holder))


def holder(session: Session, now: datetime) -> str | None:
    """Who runs the jobs at the moment."""
    query = select(SchedulerLease.holder).where(SchedulerLease.expires_at > now)
    return session.scalar(query)


def _did(session: Session, statement: Insert | Update) -> bool:
    """Whether the row was written; counting rows is not something every insert can do."""
    kept = statement.returning(SchedulerLease.id).execution_options(synchronize_session=False)
    return session.scalar(kept) is not None
