"""Server-sent events: what a hall, a desk and a citizen's phone may hear."""

from flask import Blueprint, Response, request
from sqlalchemy import select

from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import runtime
from turnero_queue import live_stream
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.live_stream import Listener
from turnero_queue.models import Ticket

blueprint = Blueprint("live", __name__)
blueprint.before_request(authenticate)


@blueprint.get("/live/offices/<office>")
@access(PUBLIC)
def follow_office(office: str) -> Response:
    """What a hall may show of an office."""
    return _stream(_office_listener(office))


@blueprint.get("/live/desks/<office>/<desk>")
@access("can:desk.attend", "scope:desks")
def follow_desk(office: str, desk: str) -> Response:
    """What a desk's console listens to."""
    return _stream(_desk_listener(office, desk))


@blueprint.get("/live/tickets/<token>")
@access(PUBLIC)
def follow_ticket(token: str) -> Response:
    """What the page behind a ticket's QR listens to."""
    return _stream(_ticket_listener(token))


@reads
def _office_listener(unit: Unit, office: str) -> Listener:
    return Listener(unit.catalogue.office(office).id)


@reads
def _desk_listener(unit: Unit, office: str, desk: str) -> Listener:
    found = unit.office(office)
    found.desk(desk)
    return Listener(found.id, staff=True)


@reads
def _ticket_listener(unit: Unit, token: str) -> Listener:
    row = unit.session.execute(
        select(Ticket.id, Ticket.office_id).where(Ticket.public_token == token)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such ticket."))
    return Listener(row.office_id, row.id)


def _stream(listener: Listener) -> Response:
    events = live_stream.stream(runtime().database, runtime().hub, listener, _last_id())
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Response(events, mimetype="text/event-stream", headers=headers)


def _last_id() -> int | None:
    text = request.headers.get("Last-Event-ID") or request.args.get("last_event_id") or ""
    return int(text) if text.isdecimal() and len(text) <= 18 else None
