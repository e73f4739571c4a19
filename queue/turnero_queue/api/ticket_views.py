"""Tickets: taking one, looking at one, and every verb that moves one."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from turnero_core.errors import NotFound
from turnero_core.i18n import N_, current_language
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url
from turnero_queue import describe, issuing
from turnero_queue.api import schemas
from turnero_queue.api.edge import Unit, authenticate, reads, writes
from turnero_queue.issuing import Visit
from turnero_queue.models import Ticket
from turnero_queue.verbs import VERBS, Request

blueprint = Blueprint("tickets", __name__, description="Turns and what happens to them.")
blueprint.before_request(authenticate)


@blueprint.post("/offices/<office>/tickets")
@blueprint.arguments(schemas.NewTicket)
@blueprint.response(201, schemas.Ticket)
@access("scope:tickets")
@writes(201)
def create_ticket(unit: Unit, body: dict[str, Any], office: str) -> dict[str, Any]:
    """Take a turn."""
    found = unit.office(office)
    catalogue = unit.catalogue
    visit = Visit(
        service=catalogue.service(body["service"]),
        priority=catalogue.priority(body.get("priority")),
        language=body.get("language") or current_language(),
        origin=body.get("origin", "api"),
        also=[catalogue.service(code) for code in body.get("also", ())],
        notes=body.get("notes", ""),
    )
    ticket = issuing.issue(unit.session, unit.hold(found.id), found, visit, unit.actor)
    return _shown(unit, ticket)


@blueprint.get("/tickets/<uuid:ticket_id>")
@blueprint.response(200, schemas.TicketWithEvents)
@access("scope:tickets", "scope:desks")
@reads
def get_ticket(unit: Unit, ticket_id: UUID) -> dict[str, Any]:
    """A ticket with its history."""
    ticket = _find(unit, ticket_id)
    return {
        **_shown(unit, ticket),
        **describe.services_of_visit(unit.session, unit.catalogue, ticket),
        "events": describe.events(unit.session, unit.catalogue, ticket),
    }


@blueprint.post("/tickets/<uuid:ticket_id>/notes")
@blueprint.arguments(schemas.NotesBody)
@blueprint.response(200, schemas.Ticket)
@access("scope:desks")
@writes()
def set_notes(unit: Unit, body: dict[str, Any], ticket_id: UUID) -> dict[str, Any]:
    """Write the staff's notes of a ticket."""
    ticket = _find(unit, ticket_id)
    ticket.notes = body["notes"]
    unit.session.flush()
    return _shown(unit, ticket)


def _verb_view(verb: str, *who: str) -> None:
    """Register the address of one verb; each calls its own function of the domain."""
    act = VERBS[verb]

    @blueprint.post(f"/tickets/<uuid:ticket_id>/{verb}", endpoint=verb.replace("-", "_"))
    @blueprint.arguments(schemas.VerbBody)
    @blueprint.response(200, schemas.Ticket)
    @blueprint.doc(summary=act.__doc__)
    @access(*who)
    @writes()
    def view(unit: Unit, body: dict[str, Any], ticket_id: UUID) -> dict[str, Any]:
        ticket = _find(unit, ticket_id)
        office = unit.catalogue.offices_by_id[ticket.office_id]
        moment = unit.hold(office.id)
        # Read again: whoever held the office before may have moved it.
        unit.session.refresh(ticket)
        act(Request.of(unit.session, moment, unit.catalogue, ticket, unit.actor, body))
        return _shown(unit, ticket)


for _verb in VERBS:
    _verb_view(_verb, "scope:desks", *(("scope:tickets",) if _verb == "cancel" else ()))


def _find(unit: Unit, ticket_id: UUID) -> Ticket:
    ticket = _lookup(unit.session, str(ticket_id))
    unit.require_office(ticket.office_id)
    return ticket


def _lookup(session: Session, ticket_id: str) -> Ticket:
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise NotFound(N_("There is no such ticket."))
    return ticket


def _shown(unit: Unit, ticket: Ticket) -> dict[str, Any]:
    return describe.ticket(unit.session, unit.catalogue, ticket, unit.now, base_url())
