"""Leaves the offices as they would be if the simulated day had never been interrupted."""

from sqlalchemy import select

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import Problem
from turnero_queue import catalogue, desks
from turnero_queue.catalogue import Desk
from turnero_queue.models import DeskEvent, Ticket, TicketEvent
from turnero_server.demo.day import acts
from turnero_server.demo.day.acts import ACTOR, Act


def tidy(database: Database) -> None:
    """Nobody simulated is left waiting and no simulated desk open; real people keep their place.

    Reads what to do from the database alone, so that it also mends what a crash left.
    """
    try:
        with database.read() as session:
            codes = [office.code for office in catalogue.current(session).offices]
    except Problem:
        return
    for code in codes:
        with acts.acting(database, code) as act:
            _clear_desks(act)
            _send_home(act)


def _clear_desks(act: Act) -> None:
    for desk in act.office.desks:
        if desks.status_of(act.session, desk) == "closed" or not _ours(act, desk):
            continue
        person = desks.person_at(act.session, desk.id)
        if person is not None and person.state == "called":
            acts.put_back(act, person)
        elif person is not None:
            acts.conclude(act, person)
        for parked in _parked_at(act, desk.id):
            acts.resume(act, parked, desk)
            acts.conclude(act, parked)
        acts.set_status(act, desk, "closed")


def _ours(act: Act, desk: Desk) -> bool:
    """Whether the simulation opened the desk and nobody else has worked there since."""
    query = select(DeskEvent.actor, DeskEvent.seq).where(DeskEvent.desk_id == desk.id)
    last = act.session.execute(query.order_by(DeskEvent.seq.desc()).limit(1)).one_or_none()
    return bool(last and last.actor == ACTOR and not acts.taken_over(act, desk, last.seq))


def _parked_at(act: Act, desk_id: str) -> list[Ticket]:
    query = select(Ticket).where(
        Ticket.office_id == act.office.id,
        Ticket.desk_id == desk_id,
        Ticket.state == "parked",
        Ticket.business_day == clock.local_date(act.moment.at, act.office.zone),
    )
    return list(act.session.scalars(query))


def _send_home(act: Act) -> None:
    """Whoever the simulation brought and still waits gives up the turn."""
    ours = select(TicketEvent.ticket_id).where(
        TicketEvent.kind == "issued", TicketEvent.actor == ACTOR
    )
    query = select(Ticket).where(
        Ticket.office_id == act.office.id, Ticket.state == "waiting", Ticket.id.in_(ours)
    )
    for ticket in act.session.scalars(query).all():
        acts.cancel(act, ticket)
