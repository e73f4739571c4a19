"""Setting a machine up: it shows a code, somebody approves it in the administration, and from
then on it is that device. The token travels once, into a cookie that scripts cannot read."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from turnero_core.errors import NotFound, Problem
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_kiosk import machine, pages, refusals
from turnero_queue import devices
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.models.devices import DeviceKind

KEY = "enrolment"
blueprint = Blueprint("kiosk_setup", __name__, template_folder="templates")
pages.prepare(blueprint)
refusals.install(blueprint)
# A machine that starts again and again must not fill the table of those who wait.
_guesses = devices.Guesses(most=10)


@blueprint.get("/kiosk/-/setup")
@access(PUBLIC)
@reads
def begin(unit: Unit) -> str:
    """What to do, or the code that waits for its approval."""
    return _page()


@blueprint.post("/kiosk/-/setup")
@access(PUBLIC)
@changes
def ask(unit: Unit) -> Response | tuple[str, int]:
    """Ask for a code."""
    try:
        _guesses.count(request.remote_addr or "")
        code, secret = devices.request_enrolment(
            unit.session,
            DeviceKind.KIOSK,
            unit.now,
            version=machine.VERSION,
            address=request.remote_addr or "",
        )
    except Problem as problem:
        return _page(problem=problem), problem.status
    session[KEY] = {"code": code, "secret": secret}
    return redirect(url_for("kiosk_setup.begin"), 303)


@blueprint.post("/kiosk/-/setup/collect")
@access(PUBLIC)
@changes
def collect(unit: Unit) -> Response | tuple[Response, int]:
    """Asked again and again by the page that shows the code: 202 while nobody has approved."""
    waiting: dict[str, str] = session.get(KEY) or {}
    try:
        token = devices.collect(unit.session, waiting.get("secret", ""), unit.now)
    except NotFound:
        session.pop(KEY, None)
        return jsonify(state="over"), 410
    if token is None:
        return jsonify(state="waiting"), 202
    session.pop(KEY, None)
    answer = jsonify(state="approved", home=url_for("kiosk.offices"))
    machine.remember(answer, token)
    return answer


@blueprint.post("/kiosk/-/setup/redeem")
@access(PUBLIC)
@changes
def redeem(unit: Unit) -> Response | tuple[str, int]:
    """The code of a sheet that somebody brought along."""
    try:
        _guesses.count(request.remote_addr or "")
        device, token = devices.redeem(
            unit.session, request.form.get("code", ""), unit.now, version=machine.VERSION
        )
        machine.of(device)
    except Problem as problem:
        unit.session.rollback()
        return _page(problem=problem), problem.status
    answer = redirect(url_for("kiosk.offices"), 303)
    machine.remember(answer, token)
    return answer


@blueprint.post("/kiosk/-/setup/cancel")
@access(PUBLIC)
def cancel() -> Response:
    """Nobody waits for this code any more; it runs out by itself."""
    session.pop(KEY, None)
    return redirect(url_for("kiosk.offices"), 303)


def _page(**context: Any) -> str:
    waiting = session.get(KEY) or {}
    return render_template(
        "kiosk/setup.html",
        code=waiting.get("code"),
        address=f"{base_url()}/admin/devices",
        **context,
    )
