"""The simulated day's switches and what it has come to."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from turnero_core import clock
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_queue.api.edge import Unit, reads
from turnero_queue.models import Ticket
from turnero_server.demo.day.control import SPEEDS, Control
from turnero_server.demo.day.simulation import spare_desks
from turnero_server.replay.office import CODE

DAY = "turnero_simulated_day"


def install(blueprint: Blueprint) -> None:
    blueprint.get("/demo/day")(show_day)
    blueprint.post("/demo/day/start")(start)
    blueprint.post("/demo/day/stop")(stop)


def control() -> Control:
    found: Control = current_app.extensions[DAY]
    return found


@access(PUBLIC)
@reads
def show_day(unit: Unit) -> str:
    """The part of the page that follows the day."""
    return render_template("demo/_day.html", **shown(unit))


@access(PUBLIC)
def start() -> Response:
    """Begin the day, or change its speed."""
    speed = request.form.get("speed", "")
    if speed not in {str(known) for known in SPEEDS}:
        abort(404)
    control().start(int(speed), base_url())
    return redirect(url_for("demo.start_page") + "#day", 303)


@access(PUBLIC)
def stop() -> Response:
    """End the day and leave everything tidy."""
    control().stop()
    return redirect(url_for("demo.start_page") + "#day", 303)


def shown(unit: Unit) -> dict[str, object]:
    return {
        "day": control().status(),
        "speeds": SPEEDS,
        "waiting": _waiting(unit),
        "spare": spare_desks(unit.catalogue, skip=CODE),
    }


def _waiting(unit: Unit) -> int:
    """People waiting now in all offices, the real ones too."""
    total = 0
    for office in unit.catalogue.offices:
        today = clock.local_date(unit.now, office.zone)
        query = select(func.count()).where(
            Ticket.office_id == office.id, Ticket.business_day == today, Ticket.state == "waiting"
        )
        total += unit.session.scalar(query) or 0
    return total
