"""The end of the day: whoever was not attended is noted as left, never deleted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import catalogue, desks, moves, sequence
from turnero_queue.catalogue import Desk, Office
from turnero_queue.models import OfficeSequence, Ticket
from turnero_queue.sequence import Moment
from turnero_queue.states import MOVES

ACTOR = "system:day-close"


def close_past_days(session: Session, now: datetime) -> int:
    """Close every earlier business day of every office; gives how many tickets were left."""
    offices = catalogue.current(session).offices_by_id.values()
    return sum(close_days_before_today(session, office, now) for office in offices)


def close_days_before_today(session: Session, office: Office, now: datetime) -> int:
    """Mark as left the open tickets of earlier days of one office, by its own calendar.

    Desks that nobody closed on an earlier day are closed too, unless they still serve somebody.
    """
    today = clock.local_date(now, office.zone)
    query = select(Ticket.id).where(
        Ticket.office_id == office.id,
        Ticket.business_day < today,
        Ticket.state.in_(MOVES["close-day"].sources),
    )
    leftover = session.scalar(query.limit(1)) is not None
    forgotten = _left_open(session, office, today)
    if not leftover and not forgotten:
        return 0
    moment = sequence.hold(session, office.id, now)
    left = _leave(session, moment, query)
    for desk in forgotten:
        if desks.person_at(session, desk.id) is None:
            desks.set_status(session, moment, desk, "closed", ACTOR)
    return left


def _left_open(session: Session, office: Office, today: date) -> list[Desk]:
    """The desks not closed, when nothing has happened at the office since an earlier day."""
    last_at = session.scalar(
        select(OfficeSequence.last_at).where(OfficeSequence.office_id == office.id)
    )
    if last_at is None or clock.local_date(last_at, office.zone) >= today:
        return []
    statuses = desks.statuses(session, office)
    return [desk for desk in office.desks if statuses.get(desk.id, "closed") != "closed"]


def _leave(session: Session, moment: Moment, query: Select[Any]) -> int:
    tickets = session.scalars(
        select(Ticket)
        .where(Ticket.id.in_(query))
        .order_by(Ticket.seq)
        .execution_options(populate_existing=True)
    ).all()
    for ticket in tickets:
        moves.move(
            session,
            moment,
            ticket,
            "close-day",
            ACTOR,
            at_desk=ticket.desk_id,
            reason="day closed",
            ended_at=moment.at,
        )
    return len(tickets)
