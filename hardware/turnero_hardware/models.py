"""The print outbox as tables: printers, the jobs that wait for them, and what became of each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.ids import new_id
from turnero_hardware.status import Paper


class PrinterState(StrEnum):
    UNKNOWN = "unknown"
    READY = "ready"
    FAILING = "failing"


class JobState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    PRINTED = "printed"
    FAILED = "failed"
    EXPIRED = "expired"


#: What still has to come out of the printer.
OPEN_STATES = (JobState.QUEUED, JobState.CLAIMED)


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Printer(Base):
    """`uri` says how to reach it, `profile` what it can do; `device_id` names the agent that drives
    it, none is this process's own. That one and `office_id` have no foreign key because devices
    and offices belong to a room above this one."""

    __tablename__ = "printer"
    __table_args__ = (
        CheckConstraint(_one_of("state", PrinterState), name="state"),
        CheckConstraint(_one_of("paper", Paper), name="paper"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    uri: Mapped[str] = mapped_column(String(500))
    profile: Mapped[str] = mapped_column(String(32), default="80mm")
    office_id: Mapped[str | None] = mapped_column(String(36), index=True)
    device_id: Mapped[str | None] = mapped_column(String(36), index=True)
    state: Mapped[str] = mapped_column(String(16), default=PrinterState.UNKNOWN)
    paper: Mapped[str] = mapped_column(
        String(16), default=Paper.UNKNOWN, server_default=Paper.UNKNOWN
    )
    last_error: Mapped[str | None] = mapped_column(String(500))
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PrintJob(Base):
    """A slip on its way to one printer. `subject_id` is what it shows (a ticket, a receipt);
    `copy` says that an earlier try may have reached the paper."""

    __tablename__ = "print_job"
    __table_args__ = (
        CheckConstraint(_one_of("state", JobState), name="state"),
        CheckConstraint(
            "(state = 'claimed') = (claimed_by IS NOT NULL AND lease_until IS NOT NULL)",
            name="claimed_has_lease",
        ),
        CheckConstraint("(state = 'printed') = (printed_at IS NOT NULL)", name="printed_has_time"),
        Index("ix_print_job_line", "printer_id", "state", "created_at", "id"),
        Index("ix_print_job_subject_id", "subject_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    printer_id: Mapped[str] = mapped_column(ForeignKey("printer.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str | None] = mapped_column(String(36))
    slip: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    state: Mapped[str] = mapped_column(String(16), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    copy: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    printed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(500))


class PrintJobEvent(Base):
    """One thing that happened to a job; only ever added."""

    __tablename__ = "print_job_event"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    print_job_id: Mapped[str] = mapped_column(
        ForeignKey("print_job.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str | None] = mapped_column(String(200))
    detail: Mapped[str | None] = mapped_column(String(500))
