"""Reads the waiting tickets of an office's business day, as the order wants them."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import Session

from turnero_core.db import Base
from turnero_queue.models import Ticket, TicketEvent
from turnero_queue.order import Waiting
from turnero_queue.sequence import last_seq

_KEY = "waiting"

_TICKETS = Base.metadata.tables[Ticket.__tablename__].c
_EVENTS = Base.metadata.tables[TicketEvent.__tablename__].c
# Written out, not bound, so that PostgreSQL can match the partial index.
IS_WAITING = _TICKETS.state == literal_column("'waiting'")

_COLUMNS = (
    _TICKETS.id,
    _TICKETS.prefix,
    _TICKETS.number,
    _TICKETS.seq,
    _TICKETS.service_id,
    _TICKETS.priority_id,
    _TICKETS.issued_at,
    _TICKETS.counts_from,
    _TICKETS.due_at,
    _TICKETS.appointment_at,
    _TICKETS.for_desk_id,
)
_WAITING = select(*_COLUMNS).where(
    _TICKETS.office_id == bindparam("office"), _TICKETS.business_day == bindparam("day"), IS_WAITING
)
_CHANGED = (
    select(_EVENTS.seq, _TICKETS.state, _TICKETS.business_day, *_COLUMNS)
    .where(
        _TICKETS.id == _EVENTS.ticket_id,
        _EVENTS.office_id == bindparam("office"),
        _EVENTS.seq > bindparam("after"),
    )
    .limit(bindparam("most"))
)
# Past this many changes, reading everybody anew costs no more.
MOST_CHANGES = 100


@dataclass(frozen=True)
class _Known:
    """Who waited in an office on a day, just after its event number `seq`."""

    seq: int
    day: date
    people: dict[str, Waiting]


def code_of(prefix: str, number: int) -> str:
    """How a number is written and spoken: R012, and R1000 on a very busy day."""
    return f"{prefix}{number:03d}"


def load(session: Session, office_id: str, business_day: date) -> list[Waiting]:
    """Every waiting ticket of the day, in no order.

    Who waited when this process last looked is remembered with the number of the office's last
    event; every change of a ticket is an event, so only the tickets with later ones are read.
    """
    known: _Known | None = session.info["cache"].get((_KEY, office_id))
    present = known and known.day == business_day and _brought_up(session, office_id, known)
    if not present:
        present = _read(session, office_id, business_day)
    if present is not known:
        # What this transaction did is remembered when it has committed, if it does.
        keep = partial(session.info["cache"].__setitem__, (_KEY, office_id), present)
        session.info.setdefault("when_over", []).append(keep)
    return list(present.people.values())


def _brought_up(session: Session, office_id: str, known: _Known) -> _Known | None:
    """The same after the events since; None when there were too many."""
    asked = {"office": office_id, "after": known.seq, "most": MOST_CHANGES}
    rows = session.execute(_CHANGED, asked).all()
    if not rows:
        return known
    if len(rows) == MOST_CHANGES:
        return None
    people = dict(known.people)
    for _, state, day, *columns in rows:
        if state == "waiting" and day == known.day:
            people[columns[0]] = _waiting(*columns)
        else:
            people.pop(columns[0], None)
    return _Known(max(row.seq for row in rows), known.day, people)


def _read(session: Session, office_id: str, day: date) -> _Known:
    seq = last_seq(session, office_id)
    rows = session.execute(_WAITING, {"office": office_id, "day": day})
    return _Known(seq, day, {row[0]: _waiting(*row) for row in rows})


def _waiting(ticket_id: str, prefix: str, number: int, *rest: Any) -> Waiting:
    return Waiting(ticket_id, code_of(prefix, number), *rest)


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
