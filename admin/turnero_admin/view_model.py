"""What the templates of the console show, gathered from the domain."""

from dataclasses import dataclass
from datetime import datetime

from turnero_admin.place import Place
from turnero_queue import attending, desk_view, desks, moves, service_times, waiting
from turnero_queue.catalogue import Desk, Priority, Service
from turnero_queue.desk_view import Aside, Attended, Queued, Shift
from turnero_queue.models import Ticket

LATEST = 4


@dataclass(frozen=True)
class Visitor:
    """The person at the desk; seconds are whole. `sent_on_to` is what comes after this service."""

    ticket: Ticket
    code: str
    service: Service
    priority: Priority
    waited_s: int
    elapsed_s: int
    usual_s: int
    sent_on_to: Service | None

    @property
    def serving(self) -> bool:
        return self.ticket.state == "serving"


@dataclass(frozen=True)
class Work:
    """What the clerk fills in about a visitor, and where the visitor may be sent."""

    visitor: Visitor
    services: list[Service]
    planned: list[tuple[Service, bool]]
    other_desks: list[tuple[Desk, str]]


@dataclass(frozen=True)
class Panel:
    """The desk and who is at it; `first` is who would be called now, of `waiting` people."""

    status: str
    shift: Shift | None
    visitor: Visitor | None
    first: Queued | None
    waiting: int
    attended: Attended


@dataclass(frozen=True)
class Lists:
    queue: list[Queued]
    parked: list[Aside]
    missed: list[Aside]
    finished: list[tuple[str, Ticket]]
    free: bool


def visitor(place: Place) -> Visitor | None:
    """Who is called to, or served at, the desk."""
    unit = place.unit
    ticket = desks.person_at(unit.session, place.desk.id)
    if ticket is None:
        return None
    service = unit.catalogue.services_by_id[ticket.service_id]
    times = service_times.of_office(unit.session, place.office, unit.now)
    usual = times.get(service.id)
    called_at = ticket.called_at or unit.now
    elapsed = _seconds(called_at, unit.now)
    if ticket.state == "serving":
        elapsed = moves.served_until(ticket, unit.now)
    return Visitor(
        ticket,
        waiting.code_of(ticket.prefix, ticket.number),
        service,
        unit.catalogue.priorities_by_id[ticket.priority_id],
        _seconds(ticket.issued_at, called_at),
        elapsed,
        round(usual.mean if usual else service.duration.total_seconds()),
        _sent_on_to(place, ticket),
    )


def _sent_on_to(place: Place, ticket: Ticket) -> Service | None:
    remaining = attending.remaining_services(place.unit.session, ticket)
    following = [key for key in remaining if key != ticket.service_id]
    return place.unit.catalogue.services_by_id[following[0]] if following else None


def panel(place: Place) -> Panel:
    unit = place.unit
    queue = _queue(place)
    return Panel(
        desks.status_of(unit.session, place.desk),
        desk_view.shifts(unit.session, place.office).get(place.desk.id),
        visitor(place),
        queue[0] if queue else None,
        len(queue),
        desk_view.attended(unit.session, place.office, place.desk, place.day),
    )


def lists(place: Place) -> Lists:
    unit = place.unit
    here = unit.session, unit.catalogue, place.office, place.day
    done = desk_view.finished(unit.session, place.office, place.desk, place.day, LATEST)
    return Lists(
        _queue(place),
        desk_view.parked(*here),
        desk_view.missed(*here),
        [(waiting.code_of(ticket.prefix, ticket.number), ticket) for ticket in done],
        desks.person_at(unit.session, place.desk.id) is None,
    )


def work(place: Place) -> Work | None:
    """None while nobody is at the desk."""
    found = visitor(place)
    if found is None:
        return None
    unit = place.unit
    planned = desk_view.visit(unit.session, unit.catalogue, found.ticket)
    own = [found.service, *(service for service, _given in planned)]
    attended = [service for service in place.office.services if service.id in place.desk.handicaps]
    statuses = desks.statuses(unit.session, place.office)
    others = [
        (desk, statuses.get(desk.id, "closed"))
        for desk in place.office.desks
        if desk.id != place.desk.id
    ]
    services = {service.id: service for service in (*own, *attended)}
    return Work(found, list(services.values()), planned, others)


def _queue(place: Place) -> list[Queued]:
    unit = place.unit
    return desk_view.queue(unit.session, unit.catalogue, place.office, place.desk, unit.now)


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))
