"""The agent's durable outbox: the server's jobs, in the tables that the server has too.

A job is stored before the server hears that it arrived, and its id is kept for a week after it
was reported, so that a job given twice prints once. What the process was printing when it died
may be on paper: it prints again as a copy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import String, delete, func, inspect, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from turnero_core.clock import now
from turnero_core.db import Base, Database, UTCDateTime
from turnero_hardware.models import (
    OPEN_STATES,
    JobState,
    Printer,
    PrinterState,
    PrintJob,
    PrintJobEvent,
)
from turnero_hardware.outbox import LIFETIMES, retry_now
from turnero_hardware.outbox_agents import Outcome
from turnero_hardware.outbox_rows import note

KEPT = timedelta(days=7)
_OUTCOMES = {
    JobState.PRINTED: Outcome.PRINTED,
    JobState.FAILED: Outcome.FAILED,
    JobState.EXPIRED: Outcome.EXPIRED,
}


class AgentBase(DeclarativeBase):
    """Apart from the server's tables, which its migrations make."""


class Received(AgentBase):
    """A job that came from the server, and when the server was told what became of it."""

    __tablename__ = "received"

    job_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Owner(AgentBase):
    """One row: which installation this outbox belongs to."""

    __tablename__ = "owner"

    instance: Mapped[str] = mapped_column(String(64), primary_key=True)


@dataclass(frozen=True)
class Report:
    job_id: str
    outcome: Outcome
    error: str
    copy: bool

    @property
    def body(self) -> dict[str, Any]:
        said: dict[str, Any] = {"outcome": self.outcome, "copy": self.copy}
        if self.outcome is Outcome.FAILED:
            said |= {"error": self.error, "permanent": True}
        return said


class Store:
    """Each method is one transaction. `instance` is the installation that opens it: what another
    one had not printed yet, as after a disk was cloned, is not printed here."""

    def __init__(self, file: Path, instance: str) -> None:
        self.database = Database(f"sqlite:///{file}")
        _make_tables(self.database)
        self._recover(instance)

    @classmethod
    def as_it_is(cls, file: Path) -> Store:
        """To look at while the agent may be running: nothing is recovered."""
        store = cls.__new__(cls)
        store.database = Database(f"sqlite:///{file}")
        return store

    def close(self) -> None:
        self.database.dispose()

    def keep(self, jobs: Sequence[Mapping[str, Any]]) -> int:
        """Store what the server handed out; how many of them are new here."""
        new = 0
        with self.database.write() as session:
            for job in jobs:
                _know(session, job["printer"])
                if session.get(Received, job["id"]) is None:
                    _add(session, job, now())
                    new += 1
        return new

    def know_printers(self, printers: Sequence[Mapping[str, str]]) -> None:
        """The printers this agent drives now; those it drove before are asked nothing more."""
        own = [printer["id"] for printer in printers]
        with self.database.write() as session:
            for printer in printers:
                _know(session, printer)
            busy = select(PrintJob.printer_id).where(PrintJob.state.in_(OPEN_STATES))
            gone = Printer.id.not_in(own) & Printer.id.not_in(busy)
            session.execute(update(Printer).where(gone).values(device_id="elsewhere"))

    def holds(self) -> list[str]:
        """Ids of the jobs whose fate the server was not told yet, in their order."""
        query = (
            select(Received.job_id)
            .join(PrintJob, PrintJob.id == Received.job_id)
            .where(Received.reported_at.is_(None))
            .order_by(PrintJob.created_at, PrintJob.id)
        )
        with self.database.read() as session:
            return list(session.scalars(query))

    def drop(self, ids: Collection[str]) -> int:
        """The server gave these to somebody else or gave them up: print none that has not begun.
        How many of them are still here, being printed or to be reported."""
        with self.database.write() as session:
            for job_id in ids:
                waiting = (PrintJob.id == job_id) & (PrintJob.state == JobState.QUEUED)
                _give_up(session, waiting, "withdrawn")
            left = select(func.count()).where(
                Received.job_id.in_(list(ids)), Received.reported_at.is_(None)
            )
            return session.scalar(left) or 0

    def to_report(self) -> list[Report]:
        query = (
            select(PrintJob)
            .join(Received, Received.job_id == PrintJob.id)
            .where(Received.reported_at.is_(None), PrintJob.state.in_(list(_OUTCOMES)))
            .order_by(PrintJob.created_at, PrintJob.id)
        )
        with self.database.read() as session:
            return [
                Report(job.id, _OUTCOMES[JobState(job.state)], job.last_error or "", job.copy)
                for job in session.scalars(query)
            ]

    def reported(self, job_id: str) -> None:
        with self.database.write() as session:
            row = session.get(Received, job_id)
            if row is not None:
                row.reported_at = now()

    def printers(self) -> list[dict[str, Any]]:
        """How each printer is, as a heartbeat tells it."""
        query = select(Printer).where(Printer.device_id.is_(None)).order_by(Printer.name)
        with self.database.read() as session:
            return [
                {
                    "code": printer.name,
                    "state": str(printer.state),
                    "paper": str(printer.paper),
                    "error": printer.last_error,
                }
                for printer in session.scalars(query)
            ]

    def expire(self, server_now: datetime) -> None:
        """Give up what nobody waits for on paper any more, by the server's clock."""
        old = (
            (PrintJob.state == JobState.QUEUED)
            & (PrintJob.kind == kind)
            & (PrintJob.created_at < server_now - age)
            for kind, age in LIFETIMES.items()
        )
        with self.database.write() as session:
            for where in old:
                _give_up(session, where, JobState.EXPIRED, report=True)

    def retry(self) -> None:
        """What waits for its next try is due at once: somebody mended a printer, or the clock of
        this machine jumped."""
        with self.database.write() as session:
            for printer_id in session.scalars(select(Printer.id)):
                retry_now(session, printer_id, now())

    def forget(self) -> None:
        """Old jobs that the server knows all about go."""
        known = select(Received.job_id).where(Received.reported_at < now() - KEPT)
        with self.database.write() as session:
            ids = list(session.scalars(known.limit(500)))
            for table, column in ((PrintJob, PrintJob.id), (Received, Received.job_id)):
                session.execute(delete(table).where(column.in_(ids)))

    def counts(self) -> tuple[int, int]:
        """Jobs still to print, and jobs the server is still to hear of."""
        with self.database.read() as session:
            waiting = select(func.count()).where(PrintJob.state.in_(OPEN_STATES))
            return session.scalar(waiting) or 0, len(self.to_report())

    def _recover(self, instance: str) -> None:
        with self.database.write() as session:
            owner = session.scalar(select(Owner.instance))
            if owner not in (None, instance):
                _give_up(session, PrintJob.state.in_(OPEN_STATES), "withdrawn")
                session.execute(delete(Owner))
            if owner != instance:
                session.add(Owner(instance=instance))
            for job in session.scalars(select(PrintJob).where(PrintJob.state == JobState.CLAIMED)):
                job.state, job.copy = JobState.QUEUED, True
                job.claimed_by = job.lease_until = None
                note(session, job.id, "interrupted", now())
            at = now()
            session.execute(
                update(PrintJob).where(PrintJob.state == JobState.QUEUED).values(not_before=at)
            )
            failing = Printer.state == PrinterState.FAILING
            session.execute(
                update(Printer).where(failing).values(state=PrinterState.UNKNOWN, last_error=None)
            )


def _know(session: Session, told: Mapping[str, str]) -> None:
    printer = session.get(Printer, told["id"])
    if printer is None:
        printer = Printer(id=told["id"])
        session.add(printer)
    # Codes may change hands on the server; here the id is unique and the code a mere name.
    printer.code, printer.name = told["id"], told["code"]
    printer.uri, printer.profile, printer.device_id = told["uri"], told["profile"], None
    session.flush()


def _add(session: Session, job: Mapping[str, Any], at: datetime) -> None:
    session.add(Received(job_id=job["id"], at=at))
    session.add(
        PrintJob(
            id=job["id"],
            printer_id=job["printer"]["id"],
            kind=job["kind"],
            slip=job["slip"],
            copy=bool(job["copy"]),
            not_before=at,
            created_at=datetime.fromisoformat(job["created_at"]),
        )
    )
    session.flush()
    note(session, job["id"], JobState.QUEUED, at)


def _give_up(session: Session, where: Any, kind: str, *, report: bool = False) -> None:
    for job in session.scalars(select(PrintJob).where(where)):
        job.state = JobState.EXPIRED
        job.claimed_by = job.lease_until = None
        row = session.get(Received, job.id)
        if row is not None and not report:
            row.reported_at = now()
        note(session, job.id, kind, now())


def _make_tables(database: Database) -> None:
    """The tables, and the columns that a newer version of the program has added to them."""
    tables = [model.__table__ for model in (Printer, PrintJob, PrintJobEvent)]
    Base.metadata.create_all(database.engine, tables=tables)  # type: ignore[arg-type]
    AgentBase.metadata.create_all(database.engine)
    with database.engine.begin() as connection:
        seen = inspect(connection)
        for table in tables:
            there = {column["name"] for column in seen.get_columns(table.name)}  # type: ignore[attr-defined]
            for column in table.columns:
                if column.name not in there:
                    kind = column.type.compile(connection.dialect)
                    connection.execute(
                        text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}")  # type: ignore[attr-defined]
                    )
