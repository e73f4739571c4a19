"""Taking a turn: the checks of the door, the number, the due time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session, make_transient_to_detached

from turnero_core import clock
from turnero_core.db import Base
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_core.ids import new_id, new_secret
from turnero_queue import moves, opening, order
from turnero_queue.catalogue import Office, Priority, Service
from turnero_queue.models import Ticket, TicketCounter, TicketService
from turnero_queue.sequence import Moment
from turnero_queue.supervision import pauses

ORIGINS = ("kiosk", "web", "staff", "appointment", "api")


@dataclass(frozen=True)
class Visit:
    """What somebody came for: one service, perhaps `also` others afterwards.

    `paper` says whether they wanted it printed; None where nobody was asked.
    """

    service: Service
    priority: Priority
    language: str
    origin: str = "api"
    also: Sequence[Service] = field(default=())
    appointment_at: datetime | None = None
    notes: str = ""
    paper: bool | None = None


def issue(session: Session, moment: Moment, office: Office, visit: Visit, actor: str) -> Ticket:
    """Give a turn, numbered in this transaction.

    Raises Conflict `office-closed`, `daily-limit`, `service-paused` or `service-not-offered`. Who
    has an appointment was let in when it was booked: neither the door, a limit nor a pause turns
    them away.
    """
    for service in (visit.service, *visit.also) if visit.appointment_at is None else ():
        check(session, office, service, moment.at)
    day = clock.local_date(moment.at, office.zone)
    ticket = _insert(session, moment, office, visit, day)
    data: dict[str, object] = {
        "service": visit.service.code,
        "origin": visit.origin,
        "priority": visit.priority.code,
        "target_s": int(visit.service.target_wait.total_seconds()),
    }
    if visit.appointment_at is not None:
        data["appointment_at"] = visit.appointment_at.isoformat()
    if visit.paper is not None:
        data["paper"] = visit.paper
    moves.record(session, moment, ticket, "issued", actor, data=data)
    return ticket


def check(session: Session, office: Office, service: Service, at: datetime) -> None:
    """Raise what `issue` would raise for this service at `at`; nothing when it can be had."""
    day = clock.local_date(at, office.zone)
    check_open(office, at)
    office.service(service.code)
    pauses.check(session, office, service, at)
    _check_limit(session, office, service, day)
    _check_office_limit(session, office, day)


def check_open(office: Office, at: datetime) -> None:
    """Raise Conflict `office-closed` with the next opening, unless turns are given at `at`."""
    span = opening.open_span(office, at)
    spare = office.rules.last_turn_minutes_before_close * 60
    if span is not None and (span.end - at).total_seconds() > spare:
        return
    following = opening.next_opening(office, at)
    if following is None:
        raise _closed(N_("The office is closed and has no opening in the next weeks."), None)
    text = following.strftime("%Y-%m-%d %H:%M")
    raise _closed(N_("The office is closed. It opens next on %(when)s."), following, when=text)


def _closed(detail: str, opens: datetime | None, **params: str) -> Conflict:
    return Conflict(
        detail,
        slug="office-closed",
        title=N_("The office is closed"),
        extra={"opens_at": clock.rfc3339(opens) if opens else None},
        **params,
    )


def _check_limit(session: Session, office: Office, service: Service, day: date) -> None:
    limit = office.limits.get(service.id)
    if limit and _given(session, office, day, service.id) >= limit:
        raise _full(service.code)


def _check_office_limit(session: Session, office: Office, day: date) -> None:
    limit = office.rules.office_daily_limit
    if limit and _given(session, office, day, None) >= limit:
        raise _full(office.code)


def _given(session: Session, office: Office, day: date, service_id: str | None) -> int:
    query = select(func.count()).where(
        Ticket.office_id == office.id, Ticket.business_day == day, Ticket.state != "cancelled"
    )
    if service_id is not None:
        query = query.where(Ticket.service_id == service_id)
    return session.scalar(query) or 0


def _full(what: str) -> Conflict:
    return Conflict(
        N_("Every turn of today for “%(what)s” has been given. Come another day or book one."),
        slug="daily-limit",
        title=N_("No turns left today"),
        what=what,
    )


_COUNTERS = Base.metadata.tables[TicketCounter.__tablename__]
_COUNT = (
    update(_COUNTERS)
    .where(
        _COUNTERS.c.office_id == bindparam("office"),
        _COUNTERS.c.business_day == bindparam("day"),
        _COUNTERS.c.prefix == bindparam("letters"),
    )
    .values(last=_COUNTERS.c.last + 1)
    .returning(_COUNTERS.c.last)
)


def _next_number(session: Session, office_id: str, day: date, prefix: str) -> int:
    """The next number of a prefix; the office is held, so nobody else counts at the same time."""
    number: int | None = session.scalar(
        _COUNT, {"office": office_id, "day": day, "letters": prefix}
    )
    if number is None:
        number = 1
        session.execute(
            insert(TicketCounter).values(
                office_id=office_id, business_day=day, prefix=prefix, last=number
            )
        )
    return number


_INSERT = insert(Base.metadata.tables[Ticket.__tablename__])


def _insert(session: Session, moment: Moment, office: Office, visit: Visit, day: date) -> Ticket:
    due = order.on_arrival(
        visit.service, visit.priority, office.rules, moment.at, visit.appointment_at
    )
    values = {
        "id": new_id(),
        "public_token": new_secret(),
        "office_id": office.id,
        "business_day": day,
        "prefix": visit.service.prefix,
        "number": _next_number(session, office.id, day, visit.service.prefix),
        "seq": moment.seq + 1,
        "service_id": visit.service.id,
        "priority_id": visit.priority.id,
        "state": "waiting",
        "origin": visit.origin,
        "language": visit.language,
        "issued_at": moment.at,
        "counts_from": due.counts_from,
        "due_at": due.due_at,
        "appointment_at": due.appointment_at,
        "desk_id": None,
        "for_desk_id": None,
        "calls": 0,
        "called_at": None,
        "serving_since": None,
        "served_s": 0,
        "ended_at": None,
        "outcome": None,
        "notes": visit.notes,
    }
    session.execute(_INSERT, values)
    ticket = Ticket(**values)
    # The row is written: from here on the session knows the ticket as if it had read it.
    make_transient_to_detached(ticket)
    session.add(ticket)
    _plan(session, ticket, visit)
    return ticket


def _plan(session: Session, ticket: Ticket, visit: Visit) -> None:
    """Keep the services of a visit of several; a visit of one is the ticket's own service."""
    if visit.also:
        services = dict.fromkeys(service.id for service in (visit.service, *visit.also))
        session.add_all(
            TicketService(ticket_id=ticket.id, service_id=service_id, position=position)
            for position, service_id in enumerate(services)
        )
        session.flush()
