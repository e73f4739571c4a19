"""One appointment: what it is, what happened to it, and what may be done about it."""

from typing import Any

from flask import render_template, request

from turnero_admin.calendar import free
from turnero_admin.calendar.blueprint import MANAGE, blueprint, day_asked
from turnero_core import clock
from turnero_core.web.access import access
from turnero_queue import appointments, printing, waiting
from turnero_queue.api.edge import Unit, reads
from turnero_queue.appointments import PUBLIC, STAFF, arriving, states, telling
from turnero_queue.availability import desk_of
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, Ticket
from turnero_queue.permissions import Permission

ONE = "/one/<appointment_id>"


@blueprint.get(ONE)
@access(MANAGE)
@reads
def one(unit: Unit, appointment_id: str) -> str:
    found = find(unit, appointment_id)
    office = unit.catalogue.offices_by_id[found.office_id]
    state = states.of(found, unit.now)
    return render_template(
        "admin/calendar/one.html",
        booked=found,
        office=office,
        state=state,
        wanted=appointments.wish_of(unit.session, unit.catalogue, found),
        desk=_desk(office, found),
        history=appointments.history(unit.session, found),
        today=clock.local_date(unit.now, office.zone),
        case=arriving.case_of(office.rules, found.starts_at, unit.now),
        refused=request.args.get("refused"),
        reachable=telling.reachable(found),
        ticket=_ticket(unit, found),
        printer=printing.printer_for(unit.session, office),
        switcher=None,
        **_moving(unit, office, found),
    )


def find(unit: Unit, appointment_id: str) -> Appointment:
    """The appointment, when it is at an office where one may manage them."""
    found = appointments.by_id(unit.session, appointment_id)
    unit.require(Permission.APPOINTMENTS_MANAGE, found.office_id)
    return found


def pool_asked(default: str = PUBLIC) -> str:
    pool = request.values.get("pool", default)
    return pool if pool in (PUBLIC, STAFF) else PUBLIC


def _moving(unit: Unit, office: Office, found: Appointment) -> dict[str, Any]:
    """The free hours of the day asked for; none until one is."""
    pool = pool_asked(found.pool)
    shown: dict[str, Any] = {"pool": pool, "pools_offered": free.has_staff_pool(office)}
    if found.state != "confirmed" or "move" not in request.args:
        return {**shown, "moving": False}
    day = day_asked(unit, office, "move")
    wanted = appointments.wish_of(unit.session, unit.catalogue, found)
    parts = free.parts_of(unit, office, wanted, day, pool)
    further = None if parts else free.next_day(unit, office, wanted, day, pool)
    return {**shown, "moving": True, "to": day, "parts": parts, "further": further}


def _desk(office: Office, found: Appointment) -> Any:
    code = desk_of(tuple(found.seats.split(",")))
    return next((desk for desk in office.desks if desk.code == code), None)


def _ticket(unit: Unit, found: Appointment) -> str | None:
    """The number of the turn that it became."""
    ticket = unit.session.get(Ticket, found.ticket_id) if found.ticket_id else None
    return waiting.code_of(ticket.prefix, ticket.number) if ticket else None
