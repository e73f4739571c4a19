"""What is due to be forgotten, and forgetting it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from turnero_queue import audit, catalogue
from turnero_queue.privacy.measures import MEASURES, Measure

AT_ONCE = 500
# So much at each turn of the job; what is left waits for the next one.
MOST = 20_000


@dataclass(frozen=True)
class Line:
    """`days` are those of the rule, "180", or "90-180" where offices differ; "0" keeps it."""

    name: str
    what: str
    days: str
    due: int
    done: int = 0


def report(session: Session, now: datetime) -> list[Line]:
    """How much is due now, by kind; changes nothing."""
    return [
        Line(one.name, one.what, _days(session, one), one.due(session, now)) for one in MEASURES
    ]


def run(session: Session, now: datetime, most: int = MOST) -> int:
    """Forget what is due; how many things. What was done is in the audit log, without a name."""
    really_gone(session)
    done = {one.name: _run(session, one, now, most) for one in MEASURES}
    done = {name: count for name, count in done.items() if count}
    if done:
        audit.record(
            session,
            actor=audit.SYSTEM,
            action="personal-data.forget",
            subject=f"{sum(done.values())} rows",
            after=done,
            now=now,
        )
    return sum(done.values())


def really_gone(session: Session) -> None:
    """Have SQLite write zeros over what is replaced; PostgreSQL's VACUUM sees to that later."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))


def _run(session: Session, one: Measure, now: datetime, most: int) -> int:
    done = 0
    while done < most:
        due = select(one.table.id).where(one.where(session, now)).limit(AT_ONCE)
        ids = session.scalars(due).all()
        if not ids:
            break
        one.empty(session, ids)
        done += len(ids)
    return done


def _days(session: Session, one: Measure) -> str:
    if one.kept.isdecimal():
        return one.kept
    offices = catalogue.current(session).offices
    days = sorted({getattr(office.rules, one.kept) for office in offices})
    return "–".join(str(n) for n in (days if len(days) < 3 else (days[0], days[-1])))
