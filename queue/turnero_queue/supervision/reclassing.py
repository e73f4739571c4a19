"""Another priority class for somebody who waits: they took an ordinary turn by mistake, or not."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from turnero_core.db import Base
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue import audit, moves, waiting
from turnero_queue.catalogue import Catalogue, Office, Priority
from turnero_queue.models import Ticket
from turnero_queue.sequence import Moment
from turnero_queue.supervision.reasons import needed

_TICKETS = Base.metadata.tables[Ticket.__tablename__]


def reclass(
    session: Session,
    moment: Moment,
    catalogue: Catalogue,
    ticket: Ticket,
    priority: Priority,
    actor: str,
    reason: str,
) -> None:
    """Let a waiting person count by another class, from the same arrival."""
    why = needed(reason)
    office = catalogue.offices_by_id[ticket.office_id]
    moves.check(ticket, "call", office, moment.at)
    old = catalogue.priorities_by_id[ticket.priority_id]
    if old.id == priority.id:
        raise Conflict(N_("The person has that priority already."), slug="same-priority")
    # Their arrival, and what a readmission did to it, stays; only the head start is another.
    shift = _head_start(office, old, ticket) - _head_start(office, priority, ticket)
    values = {
        "priority_id": priority.id,
        "counts_from": ticket.counts_from + shift,
        "due_at": ticket.due_at + shift,
    }
    _write(session, ticket, values)
    told = {"from": old.code, "to": priority.code}
    moves.record(session, moment, ticket, "reclassed", actor, reason=why, data=told)
    audit.record(
        session,
        actor=actor,
        action="ticket.priority",
        subject=f"ticket:{waiting.code_of(ticket.prefix, ticket.number)}",
        office_id=office.id,
        before={"priority": old.code},
        after={"priority": priority.code, "ticket": ticket.id},
        reason=why,
        now=moment.at,
    )


def _head_start(office: Office, priority: Priority, ticket: Ticket) -> timedelta:
    """As `order.on_arrival` gave it: a punctual appointment has the longer of the two."""
    if ticket.appointment_at is None:
        return priority.head_start
    appointment = timedelta(minutes=office.rules.appointment_head_start_minutes)
    return max(appointment, priority.head_start)


def _write(session: Session, ticket: Ticket, values: dict[str, Any]) -> None:
    session.execute(
        update(_TICKETS)
        .where(_TICKETS.c.id == ticket.id, _TICKETS.c.state == ticket.state)
        .values(**values)
    )
    for name, value in values.items():
        set_committed_value(ticket, name, value)
