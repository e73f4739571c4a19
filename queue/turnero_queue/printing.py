"""Turns on paper: the slip goes to the print outbox in the transaction of what it shows."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJob
from turnero_queue import audit, estimate, slips, waiting
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import Ticket

KIND = "ticket"


def printer_for(session: Session, office: Office, code: str | None = None) -> Printer | None:
    """The office's printer called `code`, or its first one when none is named; None without."""
    query = select(Printer).where(Printer.office_id == office.id).order_by(Printer.code)
    if code is not None:
        query = query.where(Printer.code == code)
    return session.scalars(query.limit(1)).one_or_none()


def print_ticket(
    session: Session,
    catalogue: Catalogue,
    ticket: Ticket,
    printer: Printer,
    base_url: str,
    now: datetime,
    logo: bytes | None = None,
) -> PrintJob:
    """Queue a ticket's slip for `printer`, once; a second time is a reprint, see `reprint`."""
    office = catalogue.offices_by_id[ticket.office_id]
    wait = estimate.of_office(session, office, now).of_ticket(ticket.id)
    slip = slips.ticket_slip(catalogue, ticket, wait, f"{base_url}/t/{ticket.public_token}", logo)
    return outbox.enqueue(session, printer, slip, KIND, ticket.id, now)


def job_of(session: Session, ticket: Ticket) -> PrintJob | None:
    """The latest print job of a ticket, if it was ever to be printed."""
    query = (
        select(PrintJob)
        .where(PrintJob.kind == KIND, PrintJob.subject_id == ticket.id)
        .order_by(PrintJob.created_at.desc(), PrintJob.id.desc())
    )
    return session.scalars(query.limit(1)).one_or_none()


def reprint(
    session: Session, ticket: Ticket, actor: str, now: datetime, *, reason: str
) -> PrintJob:
    """The same slip once more, marked as a copy, for a reason that its history keeps; NotFound
    when it was never printed."""
    job = job_of(session, ticket)
    if job is None:
        raise NotFound(N_("This turn was never sent to a printer."))
    if job.state in ("queued", "claimed"):
        raise Conflict(N_("This turn is still waiting to be printed."), slug="still-printing")
    again = outbox.reprint(session, job, now, actor, reason=reason)
    audit.record(
        session,
        actor=actor,
        action="ticket.reprint",
        subject=f"ticket:{waiting.code_of(ticket.prefix, ticket.number)}",
        office_id=ticket.office_id,
        after={"ticket": ticket.id},
        reason=reason,
        now=now,
    )
    return again
