"""Appointments: free slots, booking one, and what happens to it."""

from datetime import timedelta
from typing import Any

from flask import request
from flask_smorest import Blueprint

from turnero_core import clock
from turnero_core.errors import Invalid
from turnero_core.i18n import current_language, gettext
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url
from turnero_queue import appointments, describe
from turnero_queue.api import appointment_schemas as schemas
from turnero_queue.api.edge import Unit, authenticate, reads, writes
from turnero_queue.appointments import Booker, Person
from turnero_queue.appointments import describe as show
from turnero_queue.models import Appointment

blueprint = Blueprint("appointments", __name__, description="Appointments at an office.")
blueprint.before_request(authenticate)
SCOPE = "scope:appointments"
USUAL_LOOK = timedelta(days=14)


@blueprint.get("/offices/<office>/slots")
@blueprint.arguments(schemas.SlotsQuery, location="query")
@blueprint.response(200, schemas.Slots)
@access(SCOPE)
@reads
def list_slots(unit: Unit, query: dict[str, Any], office: str) -> dict[str, Any]:
    """The free slots of some days for a service, or several at once (repeat `service`)."""
    found = unit.office(office)
    if not query["service"]:
        raise Invalid(errors={"service": [gettext("Missing data for required field.")]})
    wanted = appointments.wish(unit.catalogue, found, [(code, 1) for code in query["service"]])
    first = query.get("first") or clock.local_date(unit.now, found.zone)
    last = query.get("last") or first + USUAL_LOOK
    pool = query.get("pool", appointments.PUBLIC)
    free = appointments.slots(unit.session, found, wanted, first, last, unit.now, pool=pool)
    return {"slots": show.slots(free)}


@blueprint.post("/appointments")
@blueprint.arguments(schemas.NewAppointment)
@blueprint.response(201, schemas.Appointment)
@access(SCOPE)
@writes(201)
def create_appointment(unit: Unit, body: dict[str, Any]) -> dict[str, Any]:
    """Hold a place, to be confirmed before `expires_at`."""
    office = unit.office(body["office"])
    booker = Booker(
        actor=unit.actor,
        origin=body.get("origin", "api"),
        language=body.get("language") or current_language(),
        pool=body.get("pool", appointments.PUBLIC),
        address=f"{unit.actor} {body.get('client') or request.remote_addr}",
        notes=body.get("notes", ""),
    )
    wanted = appointments.wish(unit.catalogue, office, body["services"])
    held = appointments.hold(
        unit.session, office, wanted, body["start"], unit.now, booker, _person(body)
    )
    return _shown(unit, held)


@blueprint.get("/appointments/<token>")
@blueprint.response(200, schemas.AppointmentWithContact)
@access(SCOPE)
@reads
def get_appointment(unit: Unit, token: str) -> dict[str, Any]:
    """An appointment as it is now, with who it is for until it is over."""
    found = _find(unit, token)
    return {**_shown(unit, found), "contact": show.contact(found, unit.now)}


@blueprint.post("/appointments/<token>/confirm")
@blueprint.arguments(schemas.ConfirmBody)
@blueprint.response(200, schemas.Appointment)
@access(SCOPE)
@writes()
def confirm_appointment(unit: Unit, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Keep what was held; confirming a second time changes nothing."""
    found = _find(unit, token)
    person = _person(body)
    done = appointments.keep(unit.session, found, unit.now, person, actor=unit.actor)
    return _shown(unit, done)


@blueprint.post("/appointments/<token>/cancel")
@blueprint.arguments(schemas.CancelBody)
@blueprint.response(200, schemas.Appointment)
@access(SCOPE)
@writes()
def cancel_appointment(unit: Unit, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Give it up; its place is free at once."""
    found = _find(unit, token)
    reason = body.get("reason", "")
    done = appointments.call_off(unit.session, found, unit.now, actor=unit.actor, reason=reason)
    return _shown(unit, done)


@blueprint.post("/appointments/<token>/reschedule")
@blueprint.arguments(schemas.RescheduleBody)
@blueprint.response(200, schemas.Appointment)
@access(SCOPE)
@writes()
def reschedule_appointment(unit: Unit, body: dict[str, Any], token: str) -> dict[str, Any]:
    """Another hour under the same code."""
    found = _find(unit, token)
    reason = body.get("reason", "")
    done = appointments.move(
        unit.session, found, body["start"], unit.now, actor=unit.actor, reason=reason
    )
    return _shown(unit, done)


@blueprint.post("/appointments/<token>/check-in")
@blueprint.arguments(schemas.CheckInBody)
@blueprint.response(200, schemas.CheckedIn)
@access(SCOPE)
@writes()
def check_in_appointment(unit: Unit, body: dict[str, Any], token: str) -> dict[str, Any]:
    """The person has come: their ticket, due at their hour."""
    _find(unit, token)
    arrival = appointments.check_in(
        unit.session, token, unit.now, actor=unit.actor, priority=body.get("priority")
    )
    ticket = describe.ticket(unit.session, unit.catalogue, arrival.ticket, unit.now, base_url())
    shown = _shown(unit, arrival.appointment)
    return {**ticket, "arrival": arrival.case, "appointment": shown}


@blueprint.post("/waiting-list")
@blueprint.arguments(schemas.NewWish)
@blueprint.response(201, schemas.Wish)
@access(SCOPE)
@writes(201)
def join_waiting_list(unit: Unit, body: dict[str, Any]) -> dict[str, Any]:
    """Wait for a place on days that are full; a freed one is offered by message."""
    office = unit.office(body["office"])
    row = appointments.join_waiting_list(
        unit.session,
        office,
        appointments.wish(unit.catalogue, office, body["services"]),
        body["first"],
        body.get("last") or body["first"],
        unit.now,
        _person(body),
        language=body.get("language") or current_language(),
    )
    return {
        "token": row.token,
        "state": row.state,
        "office": office.code,
        "from": row.first.isoformat(),
        "to": row.last.isoformat(),
    }


def _find(unit: Unit, token: str) -> Appointment:
    found = appointments.by_token(unit.session, token)
    unit.require_office(found.office_id)
    return found


def _person(body: dict[str, Any]) -> Person:
    return Person(**(body.get("contact") or {}))


def _shown(unit: Unit, row: Appointment) -> dict[str, Any]:
    return show.appointment(unit.session, unit.catalogue, row, unit.now, base_url())
