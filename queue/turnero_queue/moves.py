"""Moves of one ticket: the only place that writes a ticket's state.

Every move is a compare-and-set of the state with its event, in the transaction that holds the
office. The functions take the office's `Moment` and never commit.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from turnero_core import clock
from turnero_core.db import Base
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_queue import announcements, states
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket, TicketEvent
from turnero_queue.sequence import Moment, next_seq
from turnero_queue.webhooks import noting

# The tables themselves: mapped classes would cost more than the rows, for nothing used here.
_TICKETS = Base.metadata.tables[Ticket.__tablename__]
_APPEND = insert(Base.metadata.tables[TicketEvent.__tablename__])


def move(
    session: Session,
    moment: Moment,
    ticket: Ticket,
    verb: str,
    actor: str,
    *,
    at_desk: str | None = None,
    reason: str | None = None,
    data: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """Make the move `verb`, writing the columns `values` too; Conflict when it is illegal.

    `at_desk` is the id of the desk that the event names.
    """
    step = states.allowed(verb, ticket.state)
    _compare_and_set(session, ticket, step.target, values)
    record(session, moment, ticket, step.kind, actor, at_desk, reason, data)


def check(ticket: Ticket, verb: str, office: Office, at: datetime) -> None:
    """Refuse `verb` for the ticket's state, or for a ticket of another business day."""
    step = states.allowed(verb, ticket.state)
    if step.today_only:
        _check_day(ticket.business_day, clock.local_date(at, office.zone))


def record(
    session: Session,
    moment: Moment,
    ticket: Ticket,
    kind: str,
    actor: str,
    desk_id: str | None = None,
    reason: str | None = None,
    data: dict[str, Any] | None = None,
) -> int:
    """Append an event to the ticket's history, announce it, and give its number."""
    seq = next_seq(session, moment)
    session.execute(
        _APPEND,
        {
            "id": new_id(),
            "office_id": moment.office_id,
            "seq": seq,
            "ticket_id": ticket.id,
            "kind": kind,
            "at": moment.at,
            "actor": actor,
            "desk_id": desk_id,
            "reason": reason,
            "data": data or {},
        },
    )
    announcements.ticket_changed(session, moment.office_id, seq, kind, data or {}, moment.at)
    noting.ticket_changed(session, ticket, kind, seq, desk_id, moment.at)
    return seq


def served_until(ticket: Ticket, at: datetime) -> int:
    """Whole seconds of attention up to `at`, earlier stretches included."""
    if ticket.serving_since is None:
        return ticket.served_s
    # Never less than before, even when the clock was set back in between.
    return ticket.served_s + max(0, int((at - ticket.serving_since).total_seconds()))


def _compare_and_set(session: Session, ticket: Ticket, state: str, values: dict[str, Any]) -> None:
    values = {**values, "state": state}
    changed = session.execute(
        update(_TICKETS)
        .where(_TICKETS.c.id == ticket.id, _TICKETS.c.state == ticket.state)
        .values(**values)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(
            N_("Somebody else has just changed this ticket. Look at it again."),
            slug="illegal-transition",
            extra={"state": ticket.state},
        )
    for name, value in values.items():
        set_committed_value(ticket, name, value)


def _check_day(business_day: date, today: date) -> None:
    if business_day != today:
        raise Conflict(
            N_("The ticket is of %(day)s and cannot be called today."),
            slug="another-day",
            title=N_("A ticket of another day"),
            day=business_day.isoformat(),
        )
