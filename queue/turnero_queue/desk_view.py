"""What a desk's console shows: its queue with reasons, who was set aside, its day so far."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import calling, desks, order, sequence, waiting
from turnero_queue.catalogue import Catalogue, Desk, Office, Priority, Service
from turnero_queue.estimate import Wait, of_office
from turnero_queue.models import DeskEvent, Staff, Ticket, TicketEvent, TicketService
from turnero_queue.sequence import Moment

STAFF_ACTOR = "staff:"
# Why a desk pauses for an instant when one person takes it over from another.
RELIEVED = "relief"


@dataclass(frozen=True)
class Queued:
    """A person in a desk's queue; `waited_s` in whole seconds, `why` the reason for the place."""

    id: str
    code: str
    service: Service
    priority: Priority
    waited_s: int
    wait: Wait
    why: str


@dataclass(frozen=True)
class Aside:
    """A person parked, or who missed the call: since when, by which desk, and why if said."""

    id: str
    code: str
    service: Service
    since: datetime
    desk: Desk | None
    reason: str | None


@dataclass(frozen=True)
class Attended:
    """The people a desk was done with today, and the mean of their attention in seconds."""

    count: int
    mean_s: int


@dataclass(frozen=True)
class Shift:
    """Who opened a desk last (a name, or the actor's own word), and its status since `at`."""

    status: str
    at: datetime
    reason: str | None
    actor: str
    name: str


def queue(
    session: Session, catalogue: Catalogue, office: Office, desk: Desk, now: datetime
) -> list[Queued]:
    """Who waits for `desk`, in the order it would call them."""
    everybody = waiting.load(session, office.id, clock.local_date(now, office.zone))
    waits = of_office(session, office, now, everybody).of_waiting()
    moment = Moment(office.id, now, 0)
    return [
        Queued(
            entry.id,
            entry.code,
            catalogue.services_by_id[entry.service_id],
            catalogue.priorities_by_id[entry.priority_id],
            _seconds(entry.issued_at, now),
            waits[entry.id],
            calling.why_here(catalogue, office, desk, entry, moment),
        )
        for entry in order.for_desk(everybody, desk, now)
    ]


def waiting_by_desk(session: Session, office: Office, now: datetime) -> Mapping[str, int]:
    """Desk id -> how many people it might call."""
    everybody = waiting.load(session, office.id, clock.local_date(now, office.zone))
    return {
        desk.id: sum(order.attends(desk, entry) for entry in everybody) for desk in office.desks
    }


def people_at(session: Session, office: Office) -> Mapping[str, Ticket]:
    """Desk id -> the person called to it or served at it."""
    found = session.scalars(select(Ticket).where(Ticket.office_id == office.id, desks.IS_AT_DESK))
    return {str(ticket.desk_id): ticket for ticket in found}


def parked(session: Session, catalogue: Catalogue, office: Office, day: date) -> list[Aside]:
    """Who was set aside today at the office, the longest first."""
    return _aside(session, catalogue, office, day, "parked")


def missed(session: Session, catalogue: Catalogue, office: Office, day: date) -> list[Aside]:
    """Who did not come when called today at the office, the latest first."""
    return _aside(session, catalogue, office, day, "no_show")[::-1]


def finished(session: Session, office: Office, desk: Desk, day: date, limit: int) -> list[Ticket]:
    """The people that the desk was done with last, the latest first."""
    done = _done_at(office, desk, day)
    latest = done.order_by(Ticket.ended_at.desc(), Ticket.seq.desc()).limit(limit)
    return list(session.scalars(latest))


def attended(session: Session, office: Office, desk: Desk, day: date) -> Attended:
    done = _done_at(office, desk, day).subquery()
    count, mean = session.execute(
        select(func.count(), func.avg(done.c.served_s)).select_from(done)
    ).one()
    return Attended(count, round(mean or 0))


def shifts(session: Session, office: Office) -> Mapping[str, Shift]:
    """Desk id -> its shift; desks that were never opened are left out."""
    latest = _latest_of_desks(session, office, DeskEvent.status.is_not(None))
    opened = _latest_of_desks(session, office, DeskEvent.status == "open")
    names = _names(session, {event.actor for event in opened.values()})
    found = {}
    for desk_id, event in latest.items():
        actor = opened.get(desk_id, event).actor
        found[desk_id] = Shift(event.status, event.at, event.reason, actor, names.get(actor, actor))
    return found


def take_desk(session: Session, moment: Moment, office: Office, desk: Desk, actor: str) -> None:
    """Sit down at a desk: it opens, and its history says who relieved whom."""
    shift = shifts(session, office).get(desk.id)
    if shift is not None and shift.status == "open" and shift.actor != actor:
        desks.set_status(session, moment, desk, "paused", actor, RELIEVED)
    desks.set_status(session, moment, desk, "open", actor)


def leave_desks(session: Session, catalogue: Catalogue, actor: str, now: datetime) -> None:
    """Close the desks that `actor` opened and that have nobody: estimates must not count them."""
    for office in catalogue.offices:
        busy = people_at(session, office)
        for desk_id, shift in shifts(session, office).items():
            desk = office.desks_by_id.get(desk_id)
            if desk and shift.actor == actor and shift.status != "closed" and desk_id not in busy:
                moment = sequence.hold(session, office.id, now)
                desks.set_status(session, moment, desk, "closed", actor)


def visit(session: Session, catalogue: Catalogue, ticket: Ticket) -> list[tuple[Service, bool]]:
    """The services of a visit of several, each with whether it was given; else empty."""
    rows = session.scalars(
        select(TicketService)
        .where(TicketService.ticket_id == ticket.id)
        .order_by(TicketService.position)
    )
    return [(catalogue.services_by_id[row.service_id], row.given) for row in rows]


def _done_at(office: Office, desk: Desk, day: date) -> Select[Ticket]:
    return select(Ticket).where(
        Ticket.office_id == office.id,
        Ticket.business_day == day,
        Ticket.desk_id == desk.id,
        Ticket.state == "done",
    )


def _latest_of_desks(
    session: Session, office: Office, which: ColumnElement[bool]
) -> Mapping[str, DeskEvent]:
    """Desk id -> the latest event of those that `which` picks."""
    of_office = DeskEvent.office_id == office.id
    latest = select(func.max(DeskEvent.seq)).where(of_office, which).group_by(DeskEvent.desk_id)
    events = session.scalars(select(DeskEvent).where(of_office, DeskEvent.seq.in_(latest)))
    return {event.desk_id: event for event in events}


def _aside(
    session: Session, catalogue: Catalogue, office: Office, day: date, state: str
) -> list[Aside]:
    tickets = session.scalars(
        select(Ticket).where(
            Ticket.office_id == office.id, Ticket.business_day == day, Ticket.state == state
        )
    ).all()
    events = _latest_events(session, [ticket.id for ticket in tickets], state)
    found = [
        Aside(
            ticket.id,
            waiting.code_of(ticket.prefix, ticket.number),
            catalogue.services_by_id[ticket.service_id],
            events[ticket.id].at,
            catalogue.desks_by_id.get(ticket.desk_id or ""),
            events[ticket.id].reason,
        )
        for ticket in tickets
    ]
    return sorted(found, key=lambda person: (person.since, person.code))


def _latest_events(
    session: Session, ticket_ids: Collection[str], kind: str
) -> Mapping[str, TicketEvent]:
    """Ticket id -> its latest event of `kind`."""
    events = session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id.in_(ticket_ids), TicketEvent.kind == kind)
        .order_by(TicketEvent.seq)
    )
    return {event.ticket_id: event for event in events}


def _names(session: Session, actors: Iterable[str]) -> Mapping[str, str]:
    logins = [actor.removeprefix(STAFF_ACTOR) for actor in actors if actor.startswith(STAFF_ACTOR)]
    rows = session.execute(select(Staff.login, Staff.name).where(Staff.login.in_(logins)))
    return {STAFF_ACTOR + row.login: row.name for row in rows}


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))
