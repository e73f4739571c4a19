"""The outbox's rows: the compare-and-set that every move is, and its event beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, select, update
from sqlalchemy.orm import Session

from turnero_core import live
from turnero_hardware.models import JobState, Printer, PrintJob, PrintJobEvent

#: Announced whenever a job is queued or what is known of a printer changes; carries nothing else.
TOPIC = "printing"


def held_by(job_id: str, worker: str, attempt: int | None) -> ColumnElement[bool]:
    """Whether the job is in that worker's hands; `attempt` tells two of the same name apart."""
    held = and_(
        PrintJob.id == job_id, PrintJob.state == JobState.CLAIMED, PrintJob.claimed_by == worker
    )
    return held if attempt is None else and_(held, PrintJob.attempts == attempt)


def move(session: Session, where: ColumnElement[bool], **values: Any) -> bool:
    """The compare-and-set: True when exactly one job was as expected and is changed."""
    result = session.execute(
        update(PrintJob).where(where).values(**values),
        execution_options={"synchronize_session": False},
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def note(
    session: Session,
    job_id: str,
    kind: str,
    at: datetime,
    actor: str | None = None,
    detail: str | None = None,
) -> None:
    session.add(PrintJobEvent(print_job_id=job_id, kind=kind, at=at, actor=actor, detail=detail))
    session.flush()
    if kind != JobState.CLAIMED:
        announce(session, kind)


def announce(session: Session, kind: str) -> None:
    live.announce(session, TOPIC, 0, str(kind), {})


def change_printer_of(session: Session, job_id: str, **values: Any) -> None:
    owner = select(PrintJob.printer_id).where(PrintJob.id == job_id).scalar_subquery()
    session.execute(
        update(Printer).where(Printer.id == owner).values(**values),
        execution_options={"synchronize_session": False},
    )
