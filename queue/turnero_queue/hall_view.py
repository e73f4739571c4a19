"""What a hall screen shows of an office: its latest calls, and how many wait for what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue import announcements, estimate
from turnero_queue.catalogue import Office, Service
from turnero_queue.estimate import Wait
from turnero_queue.models import TicketEvent

CALLS_SHOWN = 7
SERVICES_SHOWN = 6
# A call this old is no longer news, on a quiet day too.
SHOWN_FOR = timedelta(hours=2)
# Calls read to find the latest of each person; more would all be recalls of the same few.
CALLS_READ = 60


@dataclass(frozen=True)
class RecentCall:
    code: str
    desk: str
    desk_name: str
    at: datetime


@dataclass(frozen=True)
class ServiceQueue:
    """A service that people wait for: how many, and the wait of somebody who came now."""

    service: Service
    people: int
    wait: Wait


@dataclass(frozen=True)
class Hall:
    calls: tuple[RecentCall, ...]
    queues: tuple[ServiceQueue, ...]
    people_waiting: int


def of_office(session: Session, office: Office, now: datetime) -> Hall:
    waits = estimate.of_office(session, office, now)
    waits.of_waiting()
    waiting: dict[str, int] = {}
    for ticket in waits.ordered:
        waiting[ticket.service_id] = waiting.get(ticket.service_id, 0) + 1
    queues = [
        ServiceQueue(service, waiting[service.id], waits.of_arrival(service.id))
        for service in office.services
        if service.id in waiting
    ]
    queues.sort(key=lambda queue: -queue.people)
    return Hall(
        tuple(recent_calls(session, office, now)),
        tuple(queues[:SERVICES_SHOWN]),
        len(waits.ordered),
    )


def recent_calls(session: Session, office: Office, now: datetime) -> list[RecentCall]:
    """The latest call of each person, newest first."""
    rows = session.execute(
        select(TicketEvent.ticket_id, TicketEvent.at, TicketEvent.data)
        .where(
            TicketEvent.office_id == office.id,
            TicketEvent.kind.in_(announcements.CALL_KINDS),
            TicketEvent.at > now - SHOWN_FOR,
        )
        .order_by(TicketEvent.seq.desc())
        .limit(CALLS_READ)
    ).all()
    latest: dict[str, RecentCall] = {}
    for row in rows:
        call = row.data["call"]
        recent = RecentCall(call["ticket"], call["desk"], call["desk_name"], row.at)
        latest.setdefault(row.ticket_id, recent)
    return list(latest.values())[:CALLS_SHOWN]
