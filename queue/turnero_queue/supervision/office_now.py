"""An office at this moment, for whoever runs it: who waits, what each desk does, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_queue import describe, desk_view, desks, moves, opening, order, service_times, waiting
from turnero_queue.catalogue import Catalogue, Desk, Office, Priority, Service
from turnero_queue.desk_view import Shift
from turnero_queue.estimate import Estimate, Wait, of_office
from turnero_queue.models import DeviceAlert, HallMessage, ServicePause, Ticket, TicketEvent
from turnero_queue.opening import Span
from turnero_queue.order import Waiting
from turnero_queue.sequence import last_seq
from turnero_queue.service_times import ServiceTime
from turnero_queue.supervision import hall_messages, pauses

# How far back the last thing that a desk did is looked for.
EVENTS_READ = 500
OVER, SOON, IN_TIME = "over", "soon", "in-time"


@dataclass(frozen=True)
class Person:
    """Somebody who waits, in the order of calling. `over_s` is how much longer than the target
    they have waited, negative while there is time; `attended` whether an open desk may call them.
    """

    id: str
    code: str
    service: Service
    priority: Priority
    waited_s: int
    over_s: int
    wait: Wait
    why: str
    for_desk: Desk | None
    attended: bool

    @property
    def level(self) -> str:
        if self.over_s > 0:
            return OVER
        return SOON if self.over_s + self.wait.p50_s > 0 or not self.attended else IN_TIME


@dataclass(frozen=True)
class AtDesk:
    """A desk and what it does for `for_s` seconds: called, serving, idle, paused or closed.

    `usual_s` is how long the attention of this person usually takes.
    """

    desk: Desk
    doing: str
    for_s: int
    shift: Shift | None
    ticket: Ticket | None
    service: Service | None
    usual_s: int
    queue: int

    @property
    def code(self) -> str:
        """The number of the person at the desk."""
        return waiting.code_of(self.ticket.prefix, self.ticket.number) if self.ticket else ""

    @property
    def is_open(self) -> bool:
        return self.doing not in ("paused", "closed")


@dataclass(frozen=True)
class OfService:
    """A service: who waits for it, the wait of somebody who came now, and who attends it."""

    service: Service
    waiting: int
    over: int
    longest_s: int
    wait: Wait
    open_desks: int
    pause: ServicePause | None


@dataclass(frozen=True)
class OfficeNow:
    office: Office
    span: Span | None
    people: Sequence[Person]
    desks: Sequence[AtDesk]
    services: Sequence[OfService]
    message: HallMessage | None
    alerts: Sequence[DeviceAlert]

    @property
    def longest_s(self) -> int:
        return max((person.waited_s for person in self.people), default=0)

    @property
    def over(self) -> int:
        return sum(person.level == OVER for person in self.people)

    @property
    def open_desks(self) -> int:
        return sum(desk.is_open for desk in self.desks)

    @property
    def expected(self) -> Wait | None:
        """The longest wait of somebody who came now, for a service that is given and attended."""
        waits = [each.wait for each in self.services if each.pause is None and each.open_desks]
        return max(waits, key=lambda wait: wait.p50_s, default=None)


def of(
    session: Session,
    catalogue: Catalogue,
    office: Office,
    now: datetime,
    alerts: Sequence[DeviceAlert] = (),
) -> OfficeNow:
    """The office as it stands in this transaction; `alerts` are its devices in trouble."""
    estimate = of_office(session, office, now)
    statuses = desks.statuses(session, office)
    open_desks = [desk for desk in office.desks if statuses.get(desk.id) == "open"]
    waits = estimate.of_waiting()
    people = [
        _person(catalogue, office, entry, waits[entry.id], open_desks, now)
        for entry in estimate.ordered
    ]
    return OfficeNow(
        office,
        opening.open_span(office, now),
        people,
        _desks(session, catalogue, office, estimate.ordered, statuses, now),
        _services(session, office, people, estimate, open_desks, now),
        hall_messages.current(session, office.id, now),
        alerts,
    )


def _person(
    catalogue: Catalogue,
    office: Office,
    entry: Waiting,
    wait: Wait,
    open_desks: Sequence[Desk],
    now: datetime,
) -> Person:
    service = catalogue.services_by_id[entry.service_id]
    # Before their hour, people with an appointment are only early.
    since = max(entry.issued_at, entry.appointment_at or entry.issued_at)
    return Person(
        entry.id,
        entry.code,
        service,
        catalogue.priorities_by_id[entry.priority_id],
        _seconds(entry.issued_at, now),
        int((now - since - service.target_wait).total_seconds()),
        wait,
        describe.why(catalogue, office, entry, now),
        catalogue.desks_by_id.get(entry.for_desk_id or ""),
        any(order.attends(desk, entry) for desk in open_desks),
    )


def _desks(
    session: Session,
    catalogue: Catalogue,
    office: Office,
    queue: Sequence[Waiting],
    statuses: Mapping[str, str],
    now: datetime,
) -> list[AtDesk]:
    shifts = desk_view.shifts(session, office)
    people = desk_view.people_at(session, office)
    times = service_times.of_office(session, office, now)
    busy_until = _last_at_desks(session, office, now)
    found = []
    for desk in office.desks:
        ticket, shift = people.get(desk.id), shifts.get(desk.id)
        service = catalogue.services_by_id[ticket.service_id] if ticket else None
        status = statuses.get(desk.id, "closed")
        doing = ticket.state if ticket else "idle" if status == "open" else status
        since = _since(doing, shift, busy_until.get(desk.id))
        found.append(
            AtDesk(
                desk,
                doing,
                _doing_for(ticket, since, now),
                shift,
                ticket,
                service,
                _usual(times, service),
                sum(order.attends(desk, entry) for entry in queue),
            )
        )
    return found


def _since(doing: str, shift: Shift | None, busy_until: datetime | None) -> datetime | None:
    """Since when a desk without anybody does what it does."""
    known = [shift.at] if shift else []
    if doing == "idle" and busy_until is not None:
        known.append(busy_until)
    return max(known, default=None)


def _doing_for(ticket: Ticket | None, since: datetime | None, now: datetime) -> int:
    if ticket is not None and ticket.state == "serving":
        return moves.served_until(ticket, now)
    if ticket is not None:
        since = ticket.called_at
    return _seconds(since, now) if since else 0


def _usual(times: Mapping[str, ServiceTime], service: Service | None) -> int:
    if service is None:
        return 0
    measured = times.get(service.id)
    return round(measured.mean if measured else service.duration.total_seconds())


def _last_at_desks(session: Session, office: Office, now: datetime) -> Mapping[str, datetime]:
    """Desk id -> when something last happened to somebody there, if that was not long ago."""
    rows = session.execute(
        select(TicketEvent.desk_id, func.max(TicketEvent.at))
        .where(
            TicketEvent.office_id == office.id,
            TicketEvent.seq > last_seq(session, office.id) - EVENTS_READ,
            TicketEvent.desk_id.is_not(None),
            TicketEvent.at > now - timedelta(days=1),
        )
        .group_by(TicketEvent.desk_id)
    )
    return {str(desk_id): at for desk_id, at in rows}


def _services(
    session: Session,
    office: Office,
    people: Sequence[Person],
    estimate: Estimate,
    open_desks: Sequence[Desk],
    now: datetime,
) -> list[OfService]:
    paused = pauses.of_office(session, office.id, now)
    found = []
    for service in office.services:
        mine = [person for person in people if person.service.id == service.id]
        found.append(
            OfService(
                service,
                len(mine),
                sum(person.level == OVER for person in mine),
                max((person.waited_s for person in mine), default=0),
                estimate.of_arrival(service.id),
                sum(service.id in desk.handicaps for desk in open_desks),
                paused.get(service.id),
            )
        )
    return found


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))
