"""The end of the day: whoever was not attended is noted as left, never deleted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import catalogue, desks, moves, sequence
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket
from turnero_queue.states import MOVES

ACTOR = "system:day-close"


def close_past_days(session: Session, now: datetime) -> int:
    """Close every earlier business day of every office; gives how many tickets were left."""
    offices = catalogue.current(session).offices_by_id.values()
    return sum(close_days_before_today(session, office, now) for office in offices)


def close_days_before_today(session: Session, office: Office, now: datetime) -> int:
    """Mark as left the open tickets of earlier days of one office, by its own calendar."""
    today = clock.local_date(now, office.zone)
    query = select(Ticket.id).where(
        Ticket.office_id == office.id,
        Ticket.business_day < today,
        Ticket.state.in_(MOVES["close-day"].sources),
    )
    if session.scalar(query.limit(1)) is None:
        return 0
    moment = sequence.hold(session, office.id, now)
    tickets = session.scalars(
        select(Ticket).where(Ticket.id.in_(query)).execution_options(populate_existing=True)
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
    for desk in office.desks:
        if desks.person_at(session, desk.id) is None:
            desks.set_status(session, moment, desk, "closed", ACTOR)
    return len(tickets)
