"""Helping on the kiosk's own screen: what it shows, in a frame, and where to turn its pages."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.helping import taking
from turnero_admin.helping.banner import words_of
from turnero_admin.helping.blueprint import ANSWER, blueprint
from turnero_core.errors import Conflict, Forbidden, Invalid
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_core.web.security import CSP
from turnero_queue import helping
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.helping import Call
from turnero_queue.helping.screens import name_of
from turnero_queue.models import Assistance

ONE = "/assist/<uuid:assistance_id>"
# The kiosk's pages that staff may turn to: the services, and what is under each.
TURNS = ("choose", "service")
_POLICY = f"{CSP}; frame-src 'self'"


@blueprint.post("/<uuid:call_id>/assist")
@access(ANSWER)
@changes
def ask(unit: Unit, call_id: UUID) -> Response:
    """Ask the citizen whether one may help on their screen."""
    call = taking.find(unit, str(call_id))
    minutes = unit.catalogue.offices_by_id[call.office_id].rules.help_assist_minutes
    staff_id = unit.caller.id if unit.caller else ""
    moment = unit.hold(call.office_id)
    found = helping.ask_to_assist(unit.session, moment, call, staff_id, unit.actor, minutes)
    return make_response(redirect(url_for("helping.page", assistance_id=found.id), 303))


@blueprint.get(ONE)
@access(ANSWER)
@reads
def page(unit: Unit, assistance_id: UUID) -> Response:
    found, call = _mine(unit, assistance_id)
    html = render_template("admin/help/assist.html", **_facts(unit, found, call))
    return make_response(html, {"Content-Security-Policy": _POLICY})


@blueprint.get(f"{ONE}/now", endpoint="now_assisting")
@access(ANSWER)
@reads
def now(unit: Unit, assistance_id: UUID) -> str:
    """How it stands: asked, refused, going on, over."""
    found, call = _mine(unit, assistance_id)
    return render_template("admin/help/_assist.html", **_facts(unit, found, call))


@blueprint.post(f"{ONE}/lead")
@access(ANSWER)
@changes
def lead(unit: Unit, assistance_id: UUID) -> Response:
    """Turn the kiosk to another page."""
    found, call = _mine(unit, assistance_id)
    path = _target(unit, call, request.form.get("path", ""))
    if _goes_on(unit, found, call):
        helping.lead(unit.session, unit.hold(call.office_id), found, path)
    return make_response(redirect(url_for("helping.page", assistance_id=found.id), 303))


@blueprint.post(f"{ONE}/end")
@access(ANSWER)
@changes
def end(unit: Unit, assistance_id: UUID) -> Response:
    found, call = _mine(unit, assistance_id)
    if found.ended_at is None:
        moment = unit.hold(call.office_id)
        helping.end_assistance(unit.session, moment, call, "staff", unit.actor)
    flash(gettext(N_("You no longer see their screen.")), "ok")
    return make_response(redirect(url_for("helping.page", assistance_id=found.id), 303))


@blueprint.errorhandler(Conflict)
def refused(problem: Conflict) -> Response:
    """Something changed meanwhile: it is said, and the page shows how it is."""
    said = gettext(problem.detail, **problem.params)
    if "X-Region" in request.headers:
        return make_response(said, problem.status)
    flash(said, "warn")
    back = request.referrer or ""
    path = urlsplit(back).path if urlsplit(back).netloc == request.host else ""
    return make_response(redirect(path or url_for("panel.home"), 303))


def _mine(unit: Unit, assistance_id: UUID) -> tuple[Assistance, Call]:
    """It and its call; Forbidden for whoever is not the one who helps."""
    found = helping.assistance(unit.session, str(assistance_id))
    call = taking.find(unit, found.call_id)
    if unit.caller is None or unit.caller.id != found.staff_id:
        raise Forbidden(N_("Somebody else helps on this screen."))
    return found, call


def _goes_on(unit: Unit, found: Assistance, call: Call) -> bool:
    minutes = unit.catalogue.offices_by_id[call.office_id].rules.help_assist_minutes
    current = helping.of_call(unit.session, call.id, minutes, unit.now)
    return current is not None and current.id == found.id


def _facts(unit: Unit, found: Assistance, call: Call) -> dict[str, Any]:
    office = unit.catalogue.offices_by_id[call.office_id]
    goes_on = _goes_on(unit, found, call)
    state = "asked" if found.answered_at is None else "on"
    frame = None
    if goes_on and found.path:
        number = urlsplit(found.path).query.removeprefix("page=") or None
        frame = url_for(
            "kiosk_mirror.page", office=office.code, assistance_id=found.id, page=number,
            at=found.path,
        )  # fmt: skip
    return {
        "assistance": found,
        "call": call,
        "office": office,
        "office_name": pick(office.name),
        "where": words_of(unit.catalogue, call),
        "screen": name_of(found.screen),
        "state": state if goes_on else (found.ended_how or "time"),
        "frame": frame,
        "may_lead": goes_on and bool(found.path or found.screen in helping.LEADABLE),
        "services": f"/kiosk/{office.code}/choose",
        "minutes": office.rules.help_assist_minutes,
    }


def _target(unit: Unit, call: Call, address: str) -> str:
    """The address of a page that staff may turn to, in the call's office."""
    office = unit.catalogue.offices_by_id[call.office_id]
    parts = urlsplit(address)
    begin, _, rest = parts.path.removeprefix(f"/kiosk/{office.code}/").partition("/")
    known = parts.path.startswith(f"/kiosk/{office.code}/") and begin in TURNS and "/" not in rest
    number = parts.query.removeprefix("page=")
    good = not parts.query or number.isdecimal()
    if not known or not good or parts.netloc or len(address) > 300:
        raise Invalid(N_("This page cannot be turned to from here."))
    return f"{parts.path}?page={number}" if number else parts.path
