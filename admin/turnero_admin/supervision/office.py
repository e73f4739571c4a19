"""One office, live: what needs somebody, the desks, the services, and who waits."""

from typing import Any

from flask import render_template

from turnero_admin.supervision.blueprint import SUPERVISE, blueprint, office_of
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.devices.alerts import open_alerts, words
from turnero_queue.supervision import lending, office_now, troubles


@blueprint.get("/<office>")
@access(SUPERVISE)
@reads
def office(unit: Unit, office: str) -> str:
    return render_template("admin/supervision/office.html", **_state(unit, office))


@blueprint.get("/<office>/now")
@access(SUPERVISE)
@reads
def now(unit: Unit, office: str) -> str:
    """The part of the page that changes."""
    return render_template("admin/supervision/_now.html", **_state(unit, office))


def _state(unit: Unit, code: str) -> dict[str, Any]:
    found = office_of(unit, code)
    alerts = open_alerts(unit.session, found.id)
    now_there = office_now.of(unit.session, unit.catalogue, found, unit.now, alerts)
    return {
        "office": found,
        "found": now_there,
        "troubles": troubles.of(now_there),
        "alert_words": words,
        "lent": lending.lent_desks(unit.session, found.id),
        "at": unit.now,
    }
