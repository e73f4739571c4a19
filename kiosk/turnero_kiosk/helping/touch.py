"""The kiosk's help: what to do, calling somebody, and saying yes or no to help on the screen."""

from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from turnero_core.errors import Conflict
from turnero_core.i18n import current_language
from turnero_core.web.access import PUBLIC, access
from turnero_kiosk import machine, pages, refusals, visit
from turnero_kiosk.helping import showing, where, who
from turnero_queue import devices, helping
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.helping import Call, Kiosk

BEFORE = "before_help"
blueprint = Blueprint("kiosk_help", __name__)
pages.prepare(blueprint)
refusals.install(blueprint)
# Somebody who empties their cookies again and again must not fill the staff's screens.
_calls = devices.Guesses(most=20, window_s=600)


@blueprint.get("/kiosk/<office>/help")
@access(PUBLIC)
@reads
def page(unit: Unit, office: str) -> str:
    """What to do, and somebody to call."""
    found = machine.office(unit.catalogue, office)
    before = where.came_from(office)
    if before is not None and before.screen != "help":
        visit.keep(BEFORE, before.shown or before.path)
    return pages.render("help", unit.catalogue, found, back=_back(found))


@blueprint.get("/kiosk/<office>/help/now")
@access(PUBLIC)
@reads
def now(unit: Unit, office: str) -> str:
    """The part of the help's page that changes."""
    found = machine.office(unit.catalogue, office)
    return render_template("helping/_call.html", office=found, helping=showing.of_this(found))


@blueprint.get("/kiosk/<office>/help/strip")
@access(PUBLIC)
@reads
def strip(unit: Unit, office: str) -> str:
    """The line on every page while a call is open."""
    found = machine.office(unit.catalogue, office)
    on = request.args.get("on", "")
    return render_template(
        "helping/_strip.html", office=found, helping=showing.of_this(found), on=on
    )


@blueprint.post("/kiosk/<office>/help/call")
@access(PUBLIC)
@changes
def call(unit: Unit, office: str) -> Response:
    """Call somebody; pressed twice it is one call."""
    found = machine.office(unit.catalogue, office)
    if found.rules.help_calls:
        if machine.current() is None and showing.of_this(found) is None:
            _calls.count(request.remote_addr or "")
        helping.ask(unit.session, unit.hold(found.id), _kiosk(unit, found))
    return _to_help(office)


@blueprint.post("/kiosk/<office>/help/cancel")
@access(PUBLIC)
@changes
def cancel(unit: Unit, office: str) -> Response:
    """Nobody is needed any more."""
    found = machine.office(unit.catalogue, office)
    mine = showing.of_this(found)
    if mine is not None:
        helping.cancel(unit.session, unit.hold(mine.call.office_id), mine.call)
    return _to_help(office)


@blueprint.post("/kiosk/<office>/help/consent")
@access(PUBLIC)
@changes
def consent(unit: Unit, office: str) -> Response:
    """Yes or no to help on this screen."""
    found = machine.office(unit.catalogue, office)
    mine = showing.of_this(found)
    if mine is not None and mine.assistance is not None:
        # It may have run out, or been answered, a moment ago: the page shows how it is.
        with suppress(Conflict):
            _answer(unit, office, mine.call)
    return _to_help(office)


@blueprint.post("/kiosk/<office>/help/end")
@access(PUBLIC)
@changes
def end(unit: Unit, office: str) -> Response:
    """The citizen goes on alone."""
    found = machine.office(unit.catalogue, office)
    mine = showing.of_this(found)
    if mine is not None:
        moment = unit.hold(mine.call.office_id)
        actor = f"kiosk:{mine.call.label}"
        helping.end_assistance(unit.session, moment, mine.call, "citizen", actor)
    return _to_help(office)


def _answer(unit: Unit, office: str, call: Call) -> None:
    moment = unit.hold(call.office_id)
    if request.form.get("allow") != "yes":
        helping.refuse(unit.session, moment, call)
        return
    at = where.came_from(office)
    screen, path = (at.screen, at.shown) if at else ("other", None)
    helping.allow(unit.session, moment, call, screen, path)


def _to_help(office: str) -> Response:
    """On to the help's page; a page that stays as it is renews its line by itself."""
    if "X-Region" in request.headers:
        return Response(status=204)
    return redirect(url_for("kiosk_help.page", office=office), 303)


def _back(office: Office) -> str:
    """Where they were before, else the services."""
    kept = visit.kept(BEFORE)
    found = where.of_path(kept, office.code) if isinstance(kept, str) else None
    if found is None or found.screen in ("start", "help"):
        return url_for("kiosk.choose", office=office.code)
    return found.shown or found.path


def _kiosk(unit: Unit, office: Office) -> Kiosk:
    kept = visit.kept(BEFORE)
    at = where.of_path(kept, office.code) if isinstance(kept, str) else None
    asked = (at.service if at else None) or ""
    service = next((one for one in office.services if one.code == asked), None)
    return Kiosk(
        who.key_for_call(),
        who.device_id(),
        who.label(),
        at.screen if at else "start",
        service.id if service else None,
        current_language(),
    )
