"""Whom a change of the configuration hurts: people who wait, bookings, desks that are at work."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import attending, desks, sequence
from turnero_queue.appointments import schedules
from turnero_queue.catalogue import Catalogue, Desk, Office, Service
from turnero_queue.models import Appointment, Ticket


@dataclass(frozen=True)
class Hurt:
    """What one office has to bear; `office` is as it was before.

    `waiting` counts the people whom nobody would call any more, by service. `staying` are those
    being attended for a service that goes: they stay at their desk. `for_desks` wait for a desk
    that goes, and wait for any desk then. `closing` are open desks that go.
    """

    office: Office
    waiting: dict[str, int]
    staying: int
    for_desks: int
    closing: tuple[Desk, ...]
    appointments: tuple[Appointment, ...]

    @property
    def any(self) -> bool:
        return bool(
            self.waiting or self.staying or self.for_desks or self.closing or self.appointments
        )


def of(session: Session, before: Catalogue, after: Catalogue, now: datetime) -> list[Hurt]:
    """What `after`, written already, does to whom."""
    kept = {office.id: office for office in after.offices}
    found = (_of_office(session, office, kept.get(office.id), now) for office in before.offices)
    return [hurt for hurt in found if hurt is not None and hurt.any]


def move_waiting(
    session: Session, after: Catalogue, hurt: Hurt, to: Service, actor: str, now: datetime
) -> int:
    """Send those whom nobody would call to the service `to` of their office; they keep their
    number and their place."""
    gone = set(hurt.waiting)
    moment = sequence.hold(session, hurt.office.id, now)
    people = [row for row in _waiting(session, hurt.office, now) if row.service_id in gone]
    for ticket in people:
        attending.transfer(session, moment, after, ticket, actor, service=to)
    return len(people)


def settle(session: Session, after: Catalogue, hurt: Hurt, actor: str, now: datetime) -> None:
    """Close the desks that go; who waited for one of them waits for any desk."""
    gone = {desk.id for desk in hurt.office.desks} - set(_desks(after, hurt.office.id))
    moment = sequence.hold(session, hurt.office.id, now)
    for ticket in _waiting(session, hurt.office, now):
        if ticket.for_desk_id in gone:
            service = after.services_by_id[ticket.service_id]
            attending.transfer(session, moment, after, ticket, actor, service=service)
    for desk in hurt.closing:
        desks.set_status(session, moment, desk, "closed", actor)


def _of_office(session: Session, old: Office, new: Office | None, now: datetime) -> Hurt | None:
    if old == new:
        return None
    lost = [desk for desk in old.desks if new is None or desk.id not in new.desks_by_id]
    open_ones = tuple(_open(session, lost))
    attended = _attended(new) if new else set()
    gone = {service.id for service in old.services} - attended
    # What nobody attended before either does not come of this change.
    gone &= _attended(old)
    people = _waiting(session, old, now) if gone or lost else []
    counts = Counter(row.service_id for row in people if row.service_id in gone)
    lost_ids = {desk.id for desk in lost}
    return Hurt(
        office=old,
        waiting=dict(counts),
        staying=_staying(session, old, gone) if gone else 0,
        for_desks=sum(row.for_desk_id in lost_ids for row in people),
        closing=open_ones,
        appointments=tuple(_appointments(session, old, new, now)),
    )


def _attended(office: Office) -> set[str]:
    """Ids of the services that the office gives and at least one of its desks attends."""
    offered = {service.id for service in office.services}
    return offered & {service for desk in office.desks for service in desk.handicaps}


def _open(session: Session, lost: Sequence[Desk]) -> Iterator[Desk]:
    for desk in lost:
        if desks.status_of(session, desk) != "closed":
            yield desk


def _waiting(session: Session, office: Office, now: datetime) -> list[Ticket]:
    query = select(Ticket).where(
        Ticket.office_id == office.id,
        Ticket.business_day == clock.local_date(now, office.zone),
        Ticket.state == "waiting",
    )
    return list(session.scalars(query.order_by(Ticket.due_at, Ticket.seq)))


def _staying(session: Session, office: Office, gone: set[str]) -> int:
    query = select(Ticket.id).where(
        Ticket.office_id == office.id, desks.IS_AT_DESK, Ticket.service_id.in_(gone)
    )
    return len(session.scalars(query).all())


def _appointments(
    session: Session, old: Office, new: Office | None, now: datetime
) -> Iterator[Appointment]:
    """Bookings to come that had a place, and have none any more."""
    new = new or replace(old, hours={}, availabilities=())
    if _times(old) == _times(new):
        return
    had_none = {row.id for row in schedules.hurt_by(session, old, now)}
    for row in schedules.hurt_by(session, new, now):
        if row.id not in had_none:
            yield row


def _times(office: Office) -> tuple[object, ...]:
    return office.zone.key, office.hours, office.holidays, office.closures, office.availabilities


def _desks(catalogue: Catalogue, office_id: str) -> list[str]:
    return [
        desk.id for office in catalogue.offices if office.id == office_id for desk in office.desks
    ]
