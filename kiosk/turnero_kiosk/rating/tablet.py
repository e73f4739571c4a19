"""The question on a tablet at a desk, for half a minute after somebody was attended there.

A tablet is a device of its own, invited from the administration: only it can answer, and only
about the turn that this desk has just finished.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from turnero_core import clock, sealed
from turnero_core.errors import Conflict, Forbidden, Invalid, Problem, Unauthorized
from turnero_core.i18n import N_, current_language, set_language
from turnero_core.web.access import PUBLIC, access
from turnero_kiosk import machine, wording
from turnero_kiosk.rating import answers
from turnero_queue import devices, satisfaction
from turnero_queue.api.edge import Unit, authenticate, changes, reads
from turnero_queue.catalogue import Desk, Office
from turnero_queue.devices import Heartbeat
from turnero_queue.models import Ticket
from turnero_queue.models.devices import Device, DeviceKind

COOKIE = "turnero_tablet"
ASKED_FOR = timedelta(seconds=30)
# Whoever touches a face in the last moment has still answered.
GRACE = timedelta(seconds=15)
YEARS_S = 10 * 365 * 24 * 3600
blueprint = Blueprint("tablet", __name__)
blueprint.before_request(authenticate)
_guesses = devices.Guesses(most=10)


@blueprint.get("/tablet")
@access(PUBLIC)
@reads
def begin(unit: Unit) -> str:
    """Which desk this tablet stands at; before that, the code of its invitation."""
    try:
        device = _device(unit)
    except Unauthorized:
        return render_template("rating/tablet_begin.html", offices=None)
    return render_template("rating/tablet_begin.html", offices=_offices(unit, device))


@blueprint.post("/tablet")
@access(PUBLIC)
@changes
def redeem(unit: Unit) -> Response | tuple[str, int]:
    """The code of the sheet that the administration printed."""
    try:
        _guesses.count(request.remote_addr or "")
        device, token = devices.redeem(
            unit.session, request.form.get("code", ""), unit.now, version=machine.VERSION
        )
        _check(device)
    except Problem as problem:
        unit.session.rollback()
        page = render_template("rating/tablet_begin.html", offices=None, problem=problem)
        return page, problem.status
    answer = redirect(url_for("tablet.begin"), 303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=YEARS_S,
        path="/tablet",
        httponly=True,
        secure=request.is_secure,
        samesite="Strict",
    )
    return answer


@blueprint.get("/tablet/<office>/<desk>")
@access(PUBLIC)
@reads
def page(unit: Unit, office: str, desk: str) -> Response | str:
    try:
        facts = _facts(unit, office, desk)
    except Unauthorized:
        return redirect(url_for("tablet.begin"))
    return render_template("rating/tablet.html", thanks="thanks" in request.args, **facts)


@blueprint.get("/tablet/<office>/<desk>/now")
@access(PUBLIC)
@reads
def now(unit: Unit, office: str, desk: str) -> str:
    """The question while there is somebody to ask, else the rest."""
    return render_template("rating/_tablet.html", **_facts(unit, office, desk))


@blueprint.post("/tablet/<office>/<desk>/rate")
@access(PUBLIC)
@changes
def answer(unit: Unit, office: str, desk: str) -> Response:
    found, at = _place(unit, office, desk)
    ticket = _just_done(unit, found, at, ASKED_FOR + GRACE)
    asked = request.form.get("about", "")
    if ticket is not None and asked == _about(ticket):
        occasion = satisfaction.of_ticket(ticket, found, "tablet", unit.now)
        with suppress(Conflict, Invalid):
            if occasion is not None:
                answers.keep_score(unit, occasion)
    return redirect(url_for("tablet.page", office=office, desk=desk, thanks=1), 303)


@blueprint.post("/tablet/-/beat")
@access(PUBLIC)
@changes
def beat(unit: Unit) -> Response:
    """The tablet lives."""
    device = _device(unit)
    devices.heartbeat(unit.session, device, Heartbeat(version=machine.VERSION, facts={}), unit.now)
    return jsonify(state="ok")


def _facts(unit: Unit, code: str, desk_code: str) -> dict[str, Any]:
    office, desk = _place(unit, code, desk_code)
    ticket = _just_done(unit, office, desk, ASKED_FOR)
    occasion = satisfaction.of_ticket(ticket, office, "tablet", unit.now) if ticket else None
    if occasion is not None and satisfaction.has_answered(unit.session, occasion):
        occasion = None
    if ticket is not None and occasion is not None:
        set_language(ticket.language)
    return {
        "office": office,
        "desk": desk,
        "about": _about(ticket) if ticket and occasion else None,
        "language": current_language(),
        **answers.choices(office),
    }


def _place(unit: Unit, code: str, desk_code: str) -> tuple[Office, Desk]:
    """Where the tablet stands; Unauthorized for another browser, Forbidden in another office."""
    device = _device(unit)
    office = unit.catalogue.office(code)
    if device.office_id not in (None, office.id):
        raise Forbidden(N_("This tablet stands in another office."))
    set_language(wording.main_language(unit.catalogue))
    return office, office.desk(desk_code)


def _device(unit: Unit) -> Device:
    device = devices.authenticate(unit.session, request.cookies.get(COOKIE, ""), unit.now)
    _check(device)
    return device


def _check(device: Device) -> None:
    if device.kind != DeviceKind.TABLET:
        raise Unauthorized(N_("The token is not known or was revoked."))


def _offices(unit: Unit, device: Device) -> list[Office]:
    return [o for o in unit.catalogue.offices if device.office_id in (None, o.id)]


def _just_done(unit: Unit, office: Office, desk: Desk, within: timedelta) -> Ticket | None:
    """Whoever was attended last at the desk, not longer ago than that, where it is asked at all."""
    if not office.rules.satisfaction_asked:
        return None
    query = (
        select(Ticket)
        .where(
            Ticket.office_id == office.id,
            Ticket.business_day == clock.local_date(unit.now, office.zone),
            Ticket.desk_id == desk.id,
            Ticket.state == "done",
            Ticket.ended_at > unit.now - within,
        )
        .order_by(Ticket.ended_at.desc())
        .limit(1)
    )
    return unit.session.scalar(query)


def _about(ticket: Ticket) -> str:
    """What the form says the question is about, without saying which turn it is."""
    return sealed.digest(f"tablet/{ticket.id}")[:32]
