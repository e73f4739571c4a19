"""Desks: open, pause, close, and call the next person."""

from typing import Any

from flask_smorest import Blueprint

from turnero_core.web.access import access
from turnero_core.web.runtime import base_url
from turnero_queue import calling, describe, desks
from turnero_queue.api import schemas
from turnero_queue.api.edge import Unit, authenticate, reads, writes
from turnero_queue.catalogue import Desk, Office

blueprint = Blueprint("desks", __name__, description="Where people are attended.")
blueprint.before_request(authenticate)


@blueprint.get("/offices/<office>/desks")
@blueprint.response(200, schemas.Desks)
@access("scope:desks")
@reads
def list_desks(unit: Unit, office: str) -> dict[str, Any]:
    """An office's desks, each with its status and the person at it."""
    found = unit.office(office)
    return {"desks": [_shown(unit, found, desk) for desk in found.desks]}


@blueprint.get("/offices/<office>/desks/<desk>")
@blueprint.response(200, schemas.Desk)
@access("scope:desks")
@reads
def get_desk(unit: Unit, office: str, desk: str) -> dict[str, Any]:
    """One desk, with its status and the person at it."""
    found = unit.office(office)
    return _shown(unit, found, found.desk(desk))


def _status_view(verb: str, doc: str) -> None:
    @blueprint.post(f"/offices/<office>/desks/<desk>/{verb}", endpoint=verb)
    @blueprint.arguments(schemas.ReasonBody)
    @blueprint.response(200, schemas.Desk)
    @blueprint.doc(summary=doc)
    @access("scope:desks")
    @writes()
    def view(unit: Unit, body: dict[str, Any], office: str, desk: str) -> dict[str, Any]:
        found = unit.office(office)
        place = found.desk(desk)
        status, reason = desks.STATUS_OF_VERB[verb], body.get("reason") or None
        moment = unit.hold(found.id)
        desks.set_status(unit.session, moment, place, status, unit.actor, reason)
        return _shown(unit, found, place)


_status_view("open", "The desk attends from now on.")
_status_view("pause", "The desk does not call for a while; estimates no longer count it.")
_status_view("close", "The desk attends no more.")


@blueprint.post("/offices/<office>/desks/<desk>/call-next")
@blueprint.arguments(schemas.CallNextBody)
@blueprint.response(200, schemas.Called)
@blueprint.alt_response(204, description="Nobody waits for this desk.")
@access("scope:desks")
@writes()
def call_next(unit: Unit, body: dict[str, Any], office: str, desk: str) -> dict[str, Any] | None:
    """Call whoever is next for this desk."""
    found = unit.office(office)
    called = calling.call_next(
        unit.session,
        unit.hold(found.id),
        unit.catalogue,
        found.desk(desk),
        unit.actor,
        finish_current=body.get("finish_current", False),
    )
    if called is None:
        return None
    ticket, why = called
    shown = describe.ticket(unit.session, unit.catalogue, ticket, unit.now, base_url())
    return {"ticket": shown, "why": why}


def _shown(unit: Unit, office: Office, desk: Desk) -> dict[str, Any]:
    ticket = desks.person_at(unit.session, desk.id)
    current = None
    if ticket is not None:
        current = describe.ticket(unit.session, unit.catalogue, ticket, unit.now, base_url())
    return describe.desk(office, desk, desks.status_of(unit.session, desk), current)
