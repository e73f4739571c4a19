"""The outbox as agents see it: jobs handed out ahead, in order, and what became of each.

An agent keeps what it was handed in an outbox of its own and knows every job by its id, so the
same job may be handed to the same installation any number of times and still prints once. Only
another one, or the server itself, prints what was handed out before as a copy.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from turnero_hardware.models import OPEN_STATES, JobState, PrintJob, PrintJobEvent
from turnero_hardware.outbox import can_be_taken, report_failed, report_printed
from turnero_hardware.outbox_rows import held_by, move, note
from turnero_hardware.printer_error import PrinterError

#: How long the server waits for news of a job; every claim that lists it starts anew.
LEASE = timedelta(minutes=2)
#: Jobs of one printer that an agent may hold, to go on with while the server is away.
AHEAD = 10


class Outcome(StrEnum):
    """What an agent says became of a job; after `unknown` it prints again as a copy."""

    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


@dataclass
class Handed:
    """`jobs` to print, in order; `drop` are ids that the agent holds and should not any more."""

    jobs: list[PrintJob] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)


def has_work(
    session: Session, printers: Sequence[str], worker: str, holds: Collection[str], at: datetime
) -> bool:
    """Whether `hand_out` would do anything, found by reading alone."""
    for printer_id in printers:
        for job in _line(session, printer_id):
            if _is(job, worker):
                if job.id not in holds or _should_renew(job, at):
                    return True
            elif can_be_taken(job, at):
                return True
            else:
                break
    return bool(_not_held(session, printers, worker, holds))


def hand_out(
    session: Session, printers: Sequence[str], worker: str, holds: Collection[str], at: datetime
) -> Handed:
    """Give `worker` what its printers (ids) are to print beyond what it says it `holds`, and
    renew what it holds. What was given to it before and never reached it is given again."""
    handed = Handed(drop=_not_held(session, printers, worker, holds))
    for printer_id in printers:
        for job in _line(session, printer_id):
            if _is(job, worker):
                _renew(session, job, at)
                if job.id not in holds:
                    handed.jobs.append(job)
            elif can_be_taken(job, at) and _take(session, job, worker, at):
                handed.jobs.append(job)
            else:
                break
    return handed


def report(
    session: Session,
    job: PrintJob,
    worker: str,
    outcome: Outcome,
    at: datetime,
    *,
    error: PrinterError | None = None,
    copy: bool = False,
) -> bool:
    """Note what became of a job; True again when the same was noted before. False when it is no
    longer this worker's, and somebody else prints it."""
    if _was_said(session, job, worker, outcome):
        return True
    if copy and _is(job, worker):
        job.copy = True
        session.flush()
    if outcome is Outcome.PRINTED:
        return report_printed(session, job.id, worker, at) or _late(session, job, worker, at)
    if outcome is Outcome.FAILED:
        return report_failed(session, job.id, worker, error or PrinterError(""), at)
    return _let_go(session, job, worker, outcome, at)


def _line(session: Session, printer_id: str) -> Sequence[PrintJob]:
    return session.scalars(
        select(PrintJob)
        .where(PrintJob.printer_id == printer_id, PrintJob.state.in_(OPEN_STATES))
        .order_by(PrintJob.created_at, PrintJob.id)
        .limit(AHEAD)
        .execution_options(populate_existing=True)
    ).all()


def _is(job: PrintJob, worker: str) -> bool:
    return job.state == JobState.CLAIMED and job.claimed_by == worker


def _should_renew(job: PrintJob, at: datetime) -> bool:
    return job.lease_until is None or job.lease_until < at + LEASE / 2


def _renew(session: Session, job: PrintJob, at: datetime) -> None:
    session.execute(
        update(PrintJob).where(PrintJob.id == job.id).values(lease_until=at + LEASE),
        execution_options={"synchronize_session": False},
    )


def _take(session: Session, job: PrintJob, worker: str, at: datetime) -> bool:
    unchanged = and_(
        PrintJob.id == job.id, PrintJob.state == job.state, PrintJob.attempts == job.attempts
    )
    taken = move(
        session,
        unchanged,
        state=JobState.CLAIMED,
        claimed_by=worker,
        lease_until=at + LEASE,
        attempts=job.attempts + 1,
        copy=job.copy or job.state == JobState.CLAIMED,
    )
    if taken:
        note(session, job.id, JobState.CLAIMED, at, worker)
        session.refresh(job)
    return taken


def _not_held(
    session: Session, printers: Sequence[str], worker: str, holds: Collection[str]
) -> list[str]:
    own = and_(PrintJob.state == JobState.CLAIMED, PrintJob.claimed_by == worker)
    held = session.scalars(
        select(PrintJob.id).where(
            own, PrintJob.id.in_(list(holds)), PrintJob.printer_id.in_(list(printers))
        )
    )
    return sorted(set(holds) - set(held))


def _last_said(session: Session, job_id: str, kinds: Collection[str]) -> PrintJobEvent | None:
    query = (
        select(PrintJobEvent)
        .where(PrintJobEvent.print_job_id == job_id, PrintJobEvent.kind.in_(list(kinds)))
        .order_by(PrintJobEvent.at.desc(), PrintJobEvent.id.desc())
    )
    return session.scalars(query.limit(1)).one_or_none()


def _was_said(session: Session, job: PrintJob, worker: str, outcome: Outcome) -> bool:
    if outcome is Outcome.PRINTED:
        return job.state == JobState.PRINTED
    if _is(job, worker):
        return False
    kinds = {
        Outcome.FAILED: ("retry", JobState.FAILED),
        Outcome.UNKNOWN: ("unknown",),
        Outcome.EXPIRED: (JobState.EXPIRED,),
    }[outcome]
    said = _last_said(session, job.id, (*kinds, JobState.CLAIMED))
    return said is not None and said.kind != JobState.CLAIMED and said.actor in (worker, None)


def _late(session: Session, job: PrintJob, worker: str, at: datetime) -> bool:
    """It was given up as too old while the server heard nothing, and is on paper after all."""
    if job.state != JobState.EXPIRED:
        return False
    last = _last_said(session, job.id, (JobState.CLAIMED,))
    if last is None or last.actor != worker:
        return False
    expired = and_(PrintJob.id == job.id, PrintJob.state == JobState.EXPIRED)
    done = move(session, expired, state=JobState.PRINTED, printed_at=at, last_error=None)
    if done:
        note(session, job.id, JobState.PRINTED, at, worker)
    return done


def _let_go(session: Session, job: PrintJob, worker: str, outcome: Outcome, at: datetime) -> bool:
    again = outcome is Outcome.UNKNOWN
    done = move(
        session,
        held_by(job.id, worker, None),
        state=JobState.QUEUED if again else JobState.EXPIRED,
        copy=job.copy or again,
        not_before=at,
        claimed_by=None,
        lease_until=None,
    )
    if done:
        note(session, job.id, outcome, at, worker)
    return done
