"""A dead printer's jobs go to another one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from turnero_hardware.models import OPEN_STATES, JobState, Printer, PrintJob
from turnero_hardware.outbox_rows import move, note


def move_jobs(
    session: Session, from_printer: Printer, to_printer: Printer, actor: str, at: datetime
) -> int:
    """Everything that still has to come out of one printer comes out of another, at once and in
    its order; how many jobs. One in somebody's hands may be on paper already: it goes as a copy,
    and whoever holds it can no longer report it."""
    detail = f"{from_printer.code} -> {to_printer.code}"
    jobs = session.execute(
        select(PrintJob.id, PrintJob.state, PrintJob.copy)
        .where(PrintJob.printer_id == from_printer.id, PrintJob.state.in_(OPEN_STATES))
        .order_by(PrintJob.created_at, PrintJob.id)
    ).all()
    moved = 0
    for job_id, state, copy in jobs:
        done = move(
            session,
            and_(PrintJob.id == job_id, PrintJob.state == state),
            state=JobState.QUEUED,
            printer_id=to_printer.id,
            not_before=at,
            claimed_by=None,
            lease_until=None,
            copy=copy or state == JobState.CLAIMED,
        )
        if done:
            note(session, job_id, "moved", at, actor, detail)
            moved += 1
    return moved
