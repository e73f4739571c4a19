"""The calls that passed over the order, with the reasons given for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from turnero_queue import models
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket, TicketEvent
from turnero_queue.models.tickets import OUT_OF_ORDER
from turnero_queue.statistics import history
from turnero_queue.statistics.names import Names
from turnero_queue.statistics.query import Query
from turnero_queue.statistics.visit import STAFF, login
from turnero_queue.waiting import code_of


@dataclass(frozen=True)
class OutOfOrder:
    """`at` is in the office's own time; `desk` and `staff` as the tables name them."""

    at: datetime
    office: str
    ticket: str
    service: str
    desk: str
    staff: str
    reason: str


def calls(session: Session, query: Query, names: Names, limit: int) -> list[OutOfOrder]:
    """Those made in the query's days that its filters keep, each by what the call itself says;
    the newest first, at most `limit`."""
    found = [call for office in query.offices for call in _of(session, query, office, names, limit)]
    return sorted(found, key=lambda call: call.at, reverse=True)[:limit]


def _of(
    session: Session, query: Query, office: Office, names: Names, limit: int
) -> Iterator[OutOfOrder]:
    for row in session.execute(_calls(query, office)):
        at = row.at.astimezone(office.zone)
        if not _asked(query, at):
            continue
        yield OutOfOrder(
            at,
            names.name("office", office.code),
            code_of(row.prefix, row.number),
            names.name("service", row.service),
            names.name("desk", (office.code, row.desk)),
            names.name("staff", login(row.actor)),
            row.reason,
        )
        limit -= 1
        if limit <= 0:
            return


def _calls(query: Query, office: Office) -> Select[*tuple[Any, ...]]:
    return (
        select(
            TicketEvent.at,
            TicketEvent.actor,
            TicketEvent.reason,
            Ticket.prefix,
            Ticket.number,
            models.Service.code.label("service"),
            models.Desk.code.label("desk"),
        )
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .join(models.Service, models.Service.id == Ticket.service_id)
        .join(models.Priority, models.Priority.id == Ticket.priority_id)
        .join(models.Desk, models.Desk.id == TicketEvent.desk_id)
        .where(
            TicketEvent.office_id == office.id,
            # Who is next is called without a reason; whoever passes over the order must give one.
            OUT_OF_ORDER,
            TicketEvent.at >= history.midnight(office, query.first),
            TicketEvent.at < history.midnight(office, query.last + timedelta(days=1)),
            *_kept(query, office),
        )
        .order_by(TicketEvent.at.desc())
    )


def _kept(query: Query, office: Office) -> Iterator[ColumnElement[bool]]:
    if query.services:
        yield models.Service.code.in_(query.services)
    if query.desks:
        here = [key.partition("/")[2] for key in query.desks if key.startswith(f"{office.code}/")]
        yield models.Desk.code.in_(here)
    if query.priorities:
        yield models.Priority.code.in_(query.priorities)
    if query.origins:
        yield Ticket.origin.in_(query.origins)
    if query.staff:
        yield TicketEvent.actor.in_([STAFF + login for login in query.staff])


def _asked(query: Query, at: datetime) -> bool:
    hours, weekdays = query.hours, query.weekdays
    return (not hours or at.hour in hours) and (not weekdays or at.weekday() in weekdays)
