"""The print outbox: what is to be printed is stored with the thing it prints, then sent.

Each printer's jobs print one after another. Every move is a compare-and-set with its event in
the same transaction; nothing here commits. A job whose worker vanished may or may not be on
paper, so it prints again marked as a copy: never dropped, never silently doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_
from turnero_hardware import outbox_rows
from turnero_hardware.models import OPEN_STATES, JobState, Printer, PrinterState, PrintJob
from turnero_hardware.outbox_rows import (
    announce,
    change_printer_of,
    held_by,
    move,
    note,
)
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.slip import Slip

TOPIC = outbox_rows.TOPIC
LEASE = timedelta(seconds=30)
_FIRST_RETRY = timedelta(seconds=2)
_LONGEST_RETRY = timedelta(minutes=1)
_LONGEST_REASON = 500

#: How long a slip is worth printing. A receipt is not here: it is owed however late.
LIFETIMES: Mapping[str, timedelta] = MappingProxyType(
    {
        "ticket": timedelta(minutes=15),
        "test": timedelta(minutes=5),
        # A drawer that opens by itself later would stand open unattended.
        "drawer": timedelta(minutes=1),
    }
)


def enqueue(
    session: Session, printer: Printer, slip: Slip, kind: str, subject_id: str | None, at: datetime
) -> PrintJob:
    """Store `slip` to be printed, in the same transaction as what it shows."""
    job = PrintJob(
        printer_id=printer.id, kind=kind, subject_id=subject_id, slip=slip.to_dict(), created_at=at
    )
    return _add(session, job, at)


def reprint(session: Session, job: PrintJob, at: datetime, actor: str, *, reason: str) -> PrintJob:
    """A new job with the same slip, marked as a copy, because somebody asked for one and said
    why; both histories keep it. `Invalid` without a reason, `Conflict` `slip-forgotten` when what
    it said was forgotten."""
    reason = " ".join(reason.split())[:_LONGEST_REASON]
    if not reason:
        raise Invalid(N_("Say why it is printed again."))
    if not job.slip.get("blocks"):
        raise Conflict(
            N_("What this slip said was forgotten, as everything printed is after some days."),
            slug="slip-forgotten",
        )
    note(session, job.id, "reprint", at, actor, reason)
    again = PrintJob(
        printer_id=job.printer_id,
        kind=job.kind,
        subject_id=job.subject_id,
        slip=job.slip,
        copy=True,
        created_at=at,
    )
    return _add(session, again, at, actor, reason)


def claim(
    session: Session, printer_id: str, worker: str, at: datetime, lease: timedelta = LEASE
) -> PrintJob | None:
    """Take the printer's oldest open job until `at + lease`; None while it is someone else's,
    waits for its next try, or there is none. Whoever comes later waits: jobs keep their order.
    None too for a printer that an agent drives: its jobs go through `outbox_agents`."""
    head = session.scalars(
        select(PrintJob)
        .join(Printer)
        .where(
            PrintJob.printer_id == printer_id,
            PrintJob.state.in_(OPEN_STATES),
            Printer.device_id.is_(None),
        )
        .order_by(PrintJob.created_at, PrintJob.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if head is None or not can_be_taken(head, at):
        return None
    taken = move(
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
    note(session, head.id, JobState.CLAIMED, at, worker)
    session.refresh(head)
    return head


def report_printed(
    session: Session, job_id: str, worker: str, at: datetime, *, attempt: int | None = None
) -> bool:
    """The slip is on paper. False when the job is no longer this worker's; `attempt`, as claimed,
    keeps apart workers that happen to have one name."""
    done = move(
        session,
        held_by(job_id, worker, attempt),
        state=JobState.PRINTED,
        printed_at=at,
        claimed_by=None,
        lease_until=None,
        last_error=None,
    )
    if done:
        note(session, job_id, JobState.PRINTED, at, worker)
        change_printer_of(
            session, job_id, state=PrinterState.READY, last_error=None, last_seen_at=at
        )
    return done


def report_failed(
    session: Session,
    job_id: str,
    worker: str,
    error: PrinterError,
    at: datetime,
    *,
    attempt: int | None = None,
    wait: Callable[[int], timedelta] | None = None,
) -> bool:
    """The slip did not print: try again later, or give up when the error is permanent (the slip's
    fault, so it says nothing of the printer). `wait` gives the pause after the n-th try. False
    when the job is no longer this worker's."""
    attempts, copy = session.execute(
        select(PrintJob.attempts, PrintJob.copy).where(PrintJob.id == job_id)
    ).one()
    state = JobState.FAILED if error.permanent else JobState.QUEUED
    done = move(
        session,
        held_by(job_id, worker, attempt),
        state=state,
        not_before=at + (wait or backoff)(attempts),
        claimed_by=None,
        lease_until=None,
        last_error=error.message,
        copy=copy or error.fate_unknown,
    )
    if done:
        kind = JobState.FAILED if error.permanent else "retry"
        note(session, job_id, kind, at, worker, f"{error.message} {error.detail}".strip()[:500])
        if not error.permanent:
            change_printer_of(session, job_id, state=PrinterState.FAILING, last_error=error.message)
    return done


def expire_old(
    session: Session, at: datetime, lifetimes: Mapping[str, timedelta] = LIFETIMES
) -> int:
    """Give up the jobs nobody needs on paper any more, each with a notice of its age and of what
    held it up; how many there were."""
    free = or_(PrintJob.state == JobState.QUEUED, PrintJob.lease_until < at)
    old = or_(
        *(
            and_(PrintJob.kind == kind, PrintJob.created_at < at - age)
            for kind, age in lifetimes.items()
        )
    )
    jobs = session.execute(
        select(PrintJob.id, PrintJob.created_at, PrintJob.last_error).where(
            PrintJob.state.in_(OPEN_STATES), free, old
        )
    ).all()
    expired = 0
    for job_id, created_at, last_error in jobs:
        minutes = int((at - created_at).total_seconds() // 60)
        notice = f"{minutes} min old. {last_error or ''}".strip()
        expired += _expire(session, job_id, free, at, notice)
    return expired


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
    announce(session, "retry")
    return due.rowcount if isinstance(due, CursorResult) else 0


def waiting_printers(session: Session, at: datetime) -> list[str]:
    """Ids of the printers driven from here that have something to print at `at`."""
    ready = or_(
        and_(PrintJob.state == JobState.QUEUED, PrintJob.not_before <= at),
        and_(PrintJob.state == JobState.CLAIMED, PrintJob.lease_until < at),
    )
    query = select(PrintJob.printer_id).join(Printer).where(ready, Printer.device_id.is_(None))
    return list(session.scalars(query.distinct()))


def backoff(attempts: int) -> timedelta:
    """The wait after the n-th try: 2, 4, 8 seconds and so on up to a minute."""
    doublings: int = min(max(attempts - 1, 0), 10)
    return min(_FIRST_RETRY * (1 << doublings), _LONGEST_RETRY)


def _add(
    session: Session,
    job: PrintJob,
    at: datetime,
    actor: str | None = None,
    reason: str | None = None,
) -> PrintJob:
    job.not_before = at
    session.add(job)
    session.flush()
    note(session, job.id, JobState.QUEUED, at, actor, reason)
    return job


def can_be_taken(job: PrintJob, at: datetime) -> bool:
    """Whether an open job is free at `at`: due, or its lease has run out."""
    if job.state == JobState.CLAIMED:
        return job.lease_until is None or job.lease_until < at
    return job.not_before <= at


def _expire(
    session: Session, job_id: str, free: ColumnElement[bool], at: datetime, notice: str
) -> bool:
    done = move(
        session,
        and_(PrintJob.id == job_id, PrintJob.state.in_(OPEN_STATES), free),
        state=JobState.EXPIRED,
        claimed_by=None,
        lease_until=None,
    )
    if done:
        note(session, job_id, JobState.EXPIRED, at, detail=notice)
    return done
