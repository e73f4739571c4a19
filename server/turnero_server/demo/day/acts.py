"""What the simulation does, each act through the domain in a transaction of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue import (
    attending,
    calling,
    catalogue,
    desks,
    issuing,
    order,
    printing,
    sequence,
    waiting,
)
from turnero_queue.catalogue import Catalogue, Desk, Office
from turnero_queue.issuing import Visit
from turnero_queue.models import DeskEvent, Ticket, TicketEvent
from turnero_queue.sequence import Moment
from turnero_server.demo.day.people import Person

ACTOR = "demo:day"


@dataclass(frozen=True)
class Act:
    """An office held by a transaction."""

    session: Session
    moment: Moment
    catalogue: Catalogue
    office: Office


@contextmanager
def acting(database: Database, office_code: str) -> Iterator[Act]:
    with database.write() as session:
        found = catalogue.current(session)
        office = found.office(office_code)
        moment = sequence.hold(session, office.id, clock.now())
        yield Act(session, moment, found, office)


def take_turn(act: Act, person: Person, base_url: str) -> str:
    """A person takes a turn at the kiosk, on paper if they like it; the ticket's id."""
    printer = printing.printer_for(act.session, act.office) if person.paper else None
    visit = Visit(
        service=act.office.service(person.service),
        priority=act.catalogue.priority(person.priority),
        language=person.language,
        origin="kiosk",
        paper=printer is not None,
    )
    ticket = issuing.issue(act.session, act.moment, act.office, visit, ACTOR)
    if printer is not None:
        printing.print_ticket(act.session, act.catalogue, ticket, printer, base_url, act.moment.at)
    return ticket.id


def open_if_closed(act: Act, desk: Desk) -> bool:
    """Open a desk that nobody attends; False when somebody of the staff has it."""
    if desks.status_of(act.session, desk) != "closed":
        return False
    desks.set_status(act.session, act.moment, desk, "open", ACTOR)
    return True


def set_status(act: Act, desk: Desk, status: str) -> None:
    desks.set_status(act.session, act.moment, desk, status, ACTOR)


def anybody_for(act: Act, desk: Desk) -> bool:
    day = clock.local_date(act.moment.at, act.office.zone)
    return bool(order.for_desk(waiting.load(act.session, act.office.id, day), desk, act.moment.at))


def call_next(act: Act, desk: Desk) -> Ticket | None:
    called = calling.call_next(act.session, act.moment, act.catalogue, desk, ACTOR)
    return called[0] if called else None


def recall(act: Act, ticket: Ticket) -> None:
    calling.recall(act.session, act.moment, act.catalogue, ticket, ACTOR)


def start(act: Act, ticket: Ticket) -> None:
    attending.start(act.session, act.moment, ticket, ACTOR)


def conclude(act: Act, ticket: Ticket) -> None:
    attending.conclude(act.session, act.moment, act.catalogue, ticket, ACTOR)


def no_show(act: Act, ticket: Ticket) -> None:
    attending.no_show(act.session, act.moment, act.catalogue, ticket, ACTOR)


def park(act: Act, ticket: Ticket) -> None:
    attending.park(act.session, act.moment, ticket, ACTOR)


def resume(act: Act, ticket: Ticket, desk: Desk) -> None:
    attending.resume(act.session, act.moment, act.catalogue, ticket, ACTOR, desk)


def transfer(act: Act, ticket: Ticket, service_code: str) -> None:
    service = act.office.service(service_code)
    attending.transfer(act.session, act.moment, act.catalogue, ticket, ACTOR, service=service)


def put_back(act: Act, ticket: Ticket) -> None:
    attending.put_back(act.session, act.moment, ticket, ACTOR)


def cancel(act: Act, ticket: Ticket) -> None:
    attending.cancel(act.session, act.moment, ticket, ACTOR)


def taken_over(act: Act, desk: Desk, since: int) -> bool:
    """Whether anybody but the simulation did something at `desk` after event number `since`."""
    for table in (DeskEvent, TicketEvent):
        foreign: ColumnElement[bool] = table.actor != ACTOR
        query = select(table.id).where(
            table.office_id == act.office.id, table.seq > since, table.desk_id == desk.id, foreign
        )
        if act.session.scalar(query.limit(1)) is not None:
            return True
    return False
