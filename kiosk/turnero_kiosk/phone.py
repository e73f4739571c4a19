"""A turn's own page, behind the QR of the slip: for the phone of whoever holds it."""

from typing import Any

import structlog
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from turnero_core import clock
from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import LANGUAGES, N_, set_language
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_kiosk import qr
from turnero_kiosk.rating.answers import FACES
from turnero_queue import attending, estimate, satisfaction
from turnero_queue.api.edge import Unit, authenticate, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket
from turnero_queue.supervision import pauses
from turnero_queue.waiting import code_of

ACTOR = "citizen"
DAY_S = 24 * 3600
log = structlog.get_logger()
blueprint = Blueprint("phone", __name__, url_prefix="/t", template_folder="templates")
blueprint.before_request(authenticate)


@blueprint.get("/<token>")
@access(PUBLIC)
@reads
def turn(unit: Unit, token: str) -> str:
    """Where the turn stands."""
    return render_template("phone/turn.html", **_facts(unit, find(unit, token)))


@blueprint.get("/<token>/status")
@access(PUBLIC)
@reads
def status(unit: Unit, token: str) -> str:
    """The part of the page that changes."""
    return render_template("phone/_status.html", **_facts(unit, find(unit, token)))


@blueprint.get("/<token>/qr.svg")
@access(PUBLIC)
@reads
def code(unit: Unit, token: str) -> Response:
    """The QR code that leads to this page."""
    ticket = find(unit, token)
    picture = qr.svg(f"{base_url()}{url_for('phone.turn', token=ticket.public_token)}")
    headers = {"Cache-Control": f"private, max-age={DAY_S}"}
    return Response(picture, mimetype="image/svg+xml", headers=headers)


@blueprint.get("/<token>/cancel")
@access(PUBLIC)
@reads
def ask_to_cancel(unit: Unit, token: str) -> AnyResponse | str:
    """The question, as a page, where the dialog cannot open."""
    ticket = find(unit, token)
    if ticket.state != "waiting":
        return redirect(url_for("phone.turn", token=token))
    return render_template("phone/cancel.html", **_facts(unit, ticket))


@blueprint.post("/<token>/cancel")
@access(PUBLIC)
@changes
def cancel(unit: Unit, token: str) -> AnyResponse:
    """Give up the turn, as long as it waits; called meanwhile, the page says so."""
    ticket = find(unit, token)
    moment = unit.hold(ticket.office_id)
    # Read again: whoever held the office before may have called it.
    unit.session.refresh(ticket)
    if ticket.state == "waiting":
        attending.cancel(unit.session, moment, ticket, ACTOR)
    return redirect(url_for("phone.turn", token=token), 303)


@blueprint.errorhandler(NotFound)
@blueprint.errorhandler(Conflict)
def unknown(problem: NotFound | Conflict) -> tuple[str, int]:
    return render_template("phone/unknown.html"), 404


@blueprint.errorhandler(CSRFError)
def stale_form(error: CSRFError) -> AnyResponse:
    """The page was open for so long that its form is no longer valid: show it anew."""
    log.warning("phone_form_refused", reason=error.description)
    token = (request.view_args or {}).get("token", "")
    return redirect(url_for("phone.turn", token=token), 303)


def find(unit: Unit, token: str) -> Ticket:
    """The turn of this address, and its language for the page."""
    ticket = unit.session.scalars(select(Ticket).where(Ticket.public_token == token)).one_or_none()
    if ticket is None:
        raise NotFound(N_("There is no such ticket."))
    if request.args.get("lang") not in LANGUAGES and ticket.language in LANGUAGES:
        set_language(ticket.language)
    return ticket


def _facts(unit: Unit, ticket: Ticket) -> dict[str, Any]:
    office = unit.catalogue.offices_by_id[ticket.office_id]
    wait = None
    if ticket.state == "waiting":
        wait = estimate.of_office(unit.session, office, unit.now).of_ticket(ticket.id)
    paused = pauses.of_office(unit.session, office.id, unit.now)
    today = clock.local_date(unit.now, office.zone)
    over = ticket.state == "waiting" and ticket.business_day != today
    return {
        "ticket": ticket,
        "state": "left" if over else ticket.state,
        "code": code_of(ticket.prefix, ticket.number),
        "office": office,
        "service": unit.catalogue.services_by_id[ticket.service_id],
        "place": office.places.get(ticket.service_id, {}),
        "desk": unit.catalogue.desks_by_id.get(ticket.desk_id or ""),
        "wait": wait,
        "faces": FACES if _is_asked(unit, ticket, office) else None,
        "paused": ticket.service_id in paused,
    }


def _is_asked(unit: Unit, ticket: Ticket, office: Office) -> bool:
    """Whether the page asks how it was: once it is done, for a while, and until it was answered."""
    occasion = satisfaction.of_ticket(ticket, office, "phone", unit.now)
    asked = office.rules.satisfaction_asked and occasion is not None
    return bool(asked and occasion and not satisfaction.has_answered(unit.session, occasion))
