"""Reads the waiting tickets of an office's business day, as the order wants them."""

from datetime import date

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import Session

from turnero_queue.models import Ticket
from turnero_queue.order import Waiting

# Written out, not bound, so that PostgreSQL can match the partial index.
IS_WAITING = Ticket.state == literal_column("'waiting'")

_COLUMNS = (
    Ticket.id,
    Ticket.prefix,
    Ticket.number,
    Ticket.seq,
    Ticket.service_id,
    Ticket.priority_id,
    Ticket.issued_at,
    Ticket.counts_from,
    Ticket.due_at,
    Ticket.appointment_at,
    Ticket.for_desk_id,
)
_WAITING = select(*_COLUMNS).where(
    Ticket.office_id == bindparam("office"), Ticket.business_day == bindparam("day"), IS_WAITING
)


def code_of(prefix: str, number: int) -> str:
    """How a number is written and spoken: R012, and R1000 on a very busy day."""
    return f"{prefix}{number:03d}"


def load(session: Session, office_id: str, business_day: date) -> list[Waiting]:
    """Every waiting ticket of the day, in no order."""
    rows = session.execute(_WAITING, {"office": office_id, "day": business_day})
    return [
        Waiting(ticket_id, code_of(prefix, number), *rest)
        for ticket_id, prefix, number, *rest in rows
    ]


def of_ticket(ticket: Ticket) -> Waiting:
    """The same value for a ticket already loaded."""
    return Waiting(
        ticket.id,
        code_of(ticket.prefix, ticket.number),
        ticket.seq,
        ticket.service_id,
        ticket.priority_id,
        ticket.issued_at,
        ticket.counts_from,
        ticket.due_at,
        ticket.appointment_at,
        ticket.for_desk_id,
    )
