"""What a hall screen shows of an office: its latest calls, and how many wait for what."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue import announcements, estimate, sequence
from turnero_queue.catalogue import Office, Service
from turnero_queue.estimate import Wait
from turnero_queue.models import TicketEvent

# More than fit on most screens: each shows as many as it has room for.
CALLS_SHOWN = 10
SERVICES_SHOWN = 6
# A call this old is no longer news, on a quiet day too.
SHOWN_FOR = timedelta(hours=2)
# Calls read to find the latest of each person; more would all be recalls of the same few.
CALLS_READ = 60
# A screen that starts anew still shows a call this young as the one to watch.
FRESH_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class RecentCall:
    code: str
    desk: str
    desk_name: str
    count: int
    at: datetime


@dataclass(frozen=True)
class ServiceQueue:
    """A service that people wait for: how many, and the wait of somebody who came now."""

    service: Service
    people: int
    wait: Wait


@dataclass(frozen=True)
class Hall:
    """`queues` are the longest; `more_queues` counts the others. `seq` is the last change seen."""

    calls: tuple[RecentCall, ...]
    queues: tuple[ServiceQueue, ...]
    more_queues: int
    people_waiting: int
    fresh: RecentCall | None
    seq: int


def of_office(session: Session, office: Office, now: datetime) -> Hall:
    waits = estimate.of_office(session, office, now)
    waits.of_waiting()
    shown = office.hall.queues
    waiting = Counter(ticket.service_id for ticket in waits.ordered)
    queues = [
        ServiceQueue(service, waiting[service.id], waits.of_arrival(service.id))
        for service in office.services
        if service.id in waiting and (shown is None or service.code in shown)
    ]
    queues.sort(key=lambda queue: -queue.people)
    calls = recent_calls(session, office, now)
    return Hall(
        calls=tuple(calls[: office.hall.calls]),
        queues=tuple(queues[:SERVICES_SHOWN]),
        more_queues=len(queues[SERVICES_SHOWN:]),
        people_waiting=len(waits.ordered) if shown is None else sum(q.people for q in queues),
        fresh=calls[0] if calls and now - calls[0].at <= FRESH_FOR else None,
        seq=sequence.last_seq(session, office.id),
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
        recent = RecentCall(call["ticket"], call["desk"], call["desk_name"], call["count"], row.at)
        latest.setdefault(row.ticket_id, recent)
    return list(latest.values())[:CALLS_SHOWN]
