"""The print outbox: what is to be printed is stored with the thing it prints, then sent.

Each printer's jobs print one after another. Every move is a compare-and-set with its event in
the same transaction; nothing here commits. A job whose worker vanished may or may not be on
paper, so it prints again marked as a copy: never dropped, never silently doubled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from turnero_core import live
from turnero_hardware.models import (
    OPEN_STATES,
    JobState,
    Printer,
    PrinterState,
    PrintJob,
    PrintJobEvent,
)
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.slip import Slip

#: Announced whenever a job is queued or what is known of a printer changes; carries nothing else.
TOPIC = "printing"
LEASE = timedelta(seconds=30)
_FIRST_RETRY = timedelta(seconds=2)
_LONGEST_RETRY = timedelta(minutes=1)

#: How long a slip is worth printing. A receipt is not here: it is owed however late.
LIFETIMES: Mapping[str, timedelta] = MappingProxyType(
    {"ticket": timedelta(minutes=15), "test": timedelta(minutes=5)}
)


def enqueue(
    session: Session, printer: Printer, slip: Slip, kind: str, subject_id: str | None, at: datetime
) -> PrintJob:
    """Store `slip` to be printed, in the same transaction as what it shows."""
    job = PrintJob(
        printer_id=printer.id, kind=kind, subject_id=subject_id, slip=slip.to_dict(), created_at=at
    )
    return _add(session, job, at)


def reprint(session: Session, job: PrintJob, at: datetime, actor: str) -> PrintJob:
    """A new job with the same slip, marked as a copy, because somebody asked for one."""
    again = PrintJob(
        printer_id=job.printer_id,
        kind=job.kind,
        subject_id=job.subject_id,
        slip=job.slip,
        copy=True,
        created_at=at,
    )
    return _add(session, again, at, actor)


def claim(
    session: Session, printer_id: str, worker: str, at: datetime, lease: timedelta = LEASE
) -> PrintJob | None:
    """Take the printer's oldest open job until `at + lease`; None while it is someone else's,
    waits for its next try, or there is none. Whoever comes later waits: jobs keep their order."""
    head = session.scalars(
        select(PrintJob)
        .where(PrintJob.printer_id == printer_id, PrintJob.state.in_(OPEN_STATES))
        .order_by(PrintJob.created_at, PrintJob.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if head is None or not _can_be_taken(head, at):
        return None
    taken = _move(
        session,
        and_(
            PrintJob.id == head.id,
            PrintJob.state == head.state,
            PrintJob.attempts == head.attempts,
        ),
        state=JobState.CLAIMED,
        claimed_by=worker,
        lease_until=at + lease,
        attempts=head.attempts + 1,
        copy=head.copy or head.state == JobState.CLAIMED,
    )
    if not taken:
        return None
    _note(session, head.id, JobState.CLAIMED, at, worker)
    session.refresh(head)
    return head


def report_printed(session: Session, job_id: str, worker: str, at: datetime) -> bool:
    """The slip is on paper. False when the job is no longer this worker's."""
    done = _move(
        session,
        _held_by(job_id, worker),
        state=JobState.PRINTED,
        printed_at=at,
        claimed_by=None,
        lease_until=None,
        last_error=None,
    )
    if done:
        _note(session, job_id, JobState.PRINTED, at, worker)
        _printer_of(session, job_id, state=PrinterState.READY, last_error=None, last_seen_at=at)
    return done


def report_failed(
    session: Session, job_id: str, worker: str, error: PrinterError, at: datetime
) -> bool:
    """The slip did not print: try again later, or give up when the error is permanent (the slip's
    fault, so it says nothing of the printer). False when the job is no longer this worker's."""
    attempts, copy = session.execute(
        select(PrintJob.attempts, PrintJob.copy).where(PrintJob.id == job_id)
    ).one()
    state = JobState.FAILED if error.permanent else JobState.QUEUED
    done = _move(
        session,
        _held_by(job_id, worker),
        state=state,
        not_before=at + backoff(attempts),
        claimed_by=None,
        lease_until=None,
        last_error=error.message,
        copy=copy or error.fate_unknown,
    )
    if done:
        kind = JobState.FAILED if error.permanent else "retry"
        _note(session, job_id, kind, at, worker, f"{error.message} {error.detail}".strip()[:500])
        if not error.permanent:
            _printer_of(session, job_id, state=PrinterState.FAILING, last_error=error.message)
    return done


def expire_old(
    session: Session, at: datetime, lifetimes: Mapping[str, timedelta] = LIFETIMES
) -> int:
    """Give up the jobs nobody needs on paper any more; how many there were."""
    free = or_(PrintJob.state == JobState.QUEUED, PrintJob.lease_until < at)
    old = or_(
        *(
            and_(PrintJob.kind == kind, PrintJob.created_at < at - age)
            for kind, age in lifetimes.items()
        )
    )
    ids = session.scalars(
        select(PrintJob.id).where(PrintJob.state.in_(OPEN_STATES), free, old)
    ).all()
    expired = [job_id for job_id in ids if _expire(session, job_id, free, at)]
    return len(expired)


def retry_now(session: Session, printer_id: str, at: datetime) -> int:
    """Somebody mended the printer: what waits for its next try is due at once; how many jobs."""
    waiting = update(PrintJob).where(
        PrintJob.printer_id == printer_id, PrintJob.state == JobState.QUEUED
    )
    due = session.execute(
        waiting.values(not_before=at), execution_options={"synchronize_session": False}
    )
    session.execute(
        update(Printer)
        .where(Printer.id == printer_id, Printer.state == PrinterState.FAILING)
        .values(state=PrinterState.UNKNOWN, last_error=None),
        execution_options={"synchronize_session": False},
    )
    _announce(session, "retry")
    return due.rowcount if isinstance(due, CursorResult) else 0


def waiting_printers(session: Session, at: datetime) -> list[str]:
    """Ids of the printers that have something to print at `at`."""
    ready = or_(
        and_(PrintJob.state == JobState.QUEUED, PrintJob.not_before <= at),
        and_(PrintJob.state == JobState.CLAIMED, PrintJob.lease_until < at),
    )
    return list(session.scalars(select(PrintJob.printer_id).where(ready).distinct()))


def backoff(attempts: int) -> timedelta:
    """The wait after the n-th try: 2, 4, 8 seconds and so on up to a minute."""
    doublings: int = min(max(attempts - 1, 0), 10)
    return min(_FIRST_RETRY * (1 << doublings), _LONGEST_RETRY)


def _add(session: Session, job: PrintJob, at: datetime, actor: str | None = None) -> PrintJob:
    job.not_before = at
    session.add(job)
    session.flush()
    _note(session, job.id, JobState.QUEUED, at, actor)
    return job


def _can_be_taken(job: PrintJob, at: datetime) -> bool:
    if job.state == JobState.CLAIMED:
        return job.lease_until is None or job.lease_until < at
    return job.not_before <= at


def _expire(session: Session, job_id: str, free: ColumnElement[bool], at: datetime) -> bool:
    done = _move(
        session,
        and_(PrintJob.id == job_id, PrintJob.state.in_(OPEN_STATES), free),
        state=JobState.EXPIRED,
        claimed_by=None,
        lease_until=None,
    )
    if done:
        _note(session, job_id, JobState.EXPIRED, at)
    return done


def _held_by(job_id: str, worker: str) -> ColumnElement[bool]:
    return and_(
        PrintJob.id == job_id, PrintJob.state == JobState.CLAIMED, PrintJob.claimed_by == worker
    )


def _move(session: Session, where: ColumnElement[bool], **values: Any) -> bool:
    """The compare-and-set: True when exactly one job was as expected and is changed."""
    result = session.execute(
        update(PrintJob).where(where).values(**values),
        execution_options={"synchronize_session": False},
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def _note(
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
        _announce(session, kind)


def _announce(session: Session, kind: str) -> None:
    live.announce(session, TOPIC, 0, str(kind), {})


def _printer_of(session: Session, job_id: str, **values: Any) -> None:
    owner = select(PrintJob.printer_id).where(PrintJob.id == job_id).scalar_subquery()
    session.execute(
        update(Printer).where(Printer.id == owner).values(**values),
        execution_options={"synchronize_session": False},
    )
