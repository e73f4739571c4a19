"""Reads the events of an office's days, and makes of them what is kept and counted."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import Session

from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import DeskEvent, Ticket, TicketEvent
from turnero_queue.statistics import visit, work
from turnero_queue.statistics.visit import Event, Known, Visit
from turnero_queue.statistics.work import DeskHour, Happening, Work

_DAY = timedelta(days=1)
# Reading what an event says costs more than the rest of it: only where a visit needs it.
_SAID = case(
    (TicketEvent.kind == "issued", TicketEvent.data),
    (and_(TicketEvent.kind == "called", TicketEvent.reason.is_not(None)), TicketEvent.data),
)
_EVENTS = (
    select(
        TicketEvent.ticket_id,
        TicketEvent.seq,
        TicketEvent.kind,
        TicketEvent.at,
        TicketEvent.actor,
        TicketEvent.desk_id,
        _SAID.label("said"),
        Ticket.business_day,
        Ticket.seq.label("ticket_seq"),
        Ticket.service_id,
        Ticket.priority_id,
        Ticket.origin,
        Ticket.appointment_at,
        Ticket.counts_from,
        Ticket.due_at,
    )
    .join(Ticket, Ticket.id == TicketEvent.ticket_id)
    .order_by(Ticket.seq, TicketEvent.seq)
)


@dataclass(frozen=True)
class Past:
    """What a span of an office's days comes to: visits by business day, and desk hours."""

    visits: dict[date, list[Visit]]
    hours: dict[DeskHour, Work]


def read(
    session: Session, configured: Catalogue, office: Office, first: date, last: date, seq: int
) -> Past:
    """The business days `first` to `last` as the events up to number `seq` tell them."""
    codes = {key: desk.code for key, desk in configured.desks_by_id.items()}
    # The day before too: somebody may have been at a desk when it ended.
    rows = session.execute(
        _EVENTS.where(
            Ticket.office_id == office.id,
            Ticket.business_day.between(first - _DAY, last),
            TicketEvent.seq <= seq,
        )
    ).all()
    visits: dict[date, list[Visit]] = defaultdict(list)
    for _, group in groupby(rows, key=lambda row: row.ticket_id):
        events = list(group)
        if events[0].business_day >= first:
            told = visit.of(map(_event, events), _known(events[0], configured), office.zone, codes)
            visits[events[0].business_day].append(told)
    happenings = [_happening(row) for row in rows if row.desk_id is not None]
    return Past(visits, _hours(session, office, first, last, seq, happenings, codes))


def _event(row: Row[Any]) -> Event:
    return Event(row.kind, row.at, row.actor, row.desk_id, row.said)


def _known(row: Row[Any], configured: Catalogue) -> Known:
    return Known(
        configured.services_by_id[row.service_id].code,
        configured.priorities_by_id[row.priority_id].code,
        row.origin,
        row.appointment_at,
        # The target on arrival: what a readmission shifts, it shifts on both sides.
        visit.seconds(row.counts_from, row.due_at),
    )


def _happening(row: Row[Any]) -> Happening:
    return Happening(row.seq, row.at, row.desk_id, row.kind, row.actor, row.ticket_id)


def _hours(
    session: Session,
    office: Office,
    first: date,
    last: date,
    seq: int,
    happenings: list[Happening],
    codes: dict[str, str],
) -> dict[DeskHour, Work]:
    start, end = midnight(office, first - _DAY), midnight(office, last + _DAY)
    mine = (DeskEvent.office_id == office.id, DeskEvent.seq <= seq)
    happenings += [
        Happening(row.seq, row.at, row.desk_id, row.status, row.actor, None)
        for row in session.scalars(
            select(DeskEvent).where(*mine, DeskEvent.at >= start, DeskEvent.at < end)
        )
    ]
    latest = select(func.max(DeskEvent.seq)).where(*mine, DeskEvent.at < start)
    before = session.execute(
        select(DeskEvent.desk_id, DeskEvent.status).where(
            DeskEvent.office_id == office.id, DeskEvent.seq.in_(latest.group_by(DeskEvent.desk_id))
        )
    )
    found = work.desk_hours(
        {row.desk_id: row.status for row in before},
        sorted(event for event in happenings if start <= event.at < end),
        min(end, last_time(session, office, seq) or start),
        start,
        office.zone,
        codes,
    )
    return {key: done for key, done in found.items() if first <= key.day <= last}


def midnight(office: Office, day: date) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time(), office.zone).astimezone(UTC)


def last_time(session: Session, office: Office, seq: int) -> datetime | None:
    """When the last of the office's events up to number `seq` happened."""
    times = [
        session.scalar(
            select(kind.at)
            .where(kind.office_id == office.id, kind.seq <= seq)
            .order_by(kind.seq.desc())
            .limit(1)
        )
        for kind in (TicketEvent, DeskEvent)
    ]
    return max(filter(None, times), default=None)


def touched_days(session: Session, office: Office, after: int, upto: int) -> Iterator[date]:
    """The business days of which something happened after event number `after`."""
    yield from session.scalars(
        select(Ticket.business_day)
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .where(TicketEvent.office_id == office.id, TicketEvent.seq > after, TicketEvent.seq <= upto)
        .distinct()
    )


def first_time(session: Session, office: Office) -> datetime | None:
    """When the first of the office's events happened."""
    times = [
        session.scalar(
            select(kind.at).where(kind.office_id == office.id).order_by(kind.seq).limit(1)
        )
        for kind in (TicketEvent, DeskEvent)
    ]
    return min(filter(None, times), default=None)
