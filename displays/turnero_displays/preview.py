"""A hall's screen with texts and settings that are still being written."""

from dataclasses import replace

from flask import Blueprint, render_template

from turnero_core import clock
from turnero_core.i18n import pick
from turnero_core.web.access import access
from turnero_queue import hall_view
from turnero_queue.api import drafts
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.catalogue import Office
from turnero_queue.hall_view import RecentCall
from turnero_queue.slips import minutes

blueprint = Blueprint("hall_preview", __name__, url_prefix="/preview")
blueprint.before_request(authenticate)


@blueprint.route("/<office>/hall", methods=["GET", "POST"])
@access("can:office.configure")
@reads
def hall(unit: Unit, office: str) -> str:
    """As it hangs in the hall now, while nobody is being called; silent."""
    found = drafts.office(unit, unit.catalogue.office(office))
    shown = hall_view.of_office(unit.session, found, unit.now)
    calls = shown.calls or _invented(unit, found)[: found.hall.calls]
    return render_template(
        "displays/hall.html",
        office=found,
        asked=None,
        hall=replace(shown, fresh=None, calls=calls),
        sentences={},
        desks={},
        zone=found.zone.key,
        now=clock.rfc3339(unit.now),
        minutes=minutes,
        pick=pick,
    )


def _invented(unit: Unit, office: Office) -> tuple[RecentCall, ...]:
    """Calls of nobody's, so that an empty hall shows what it is like."""
    services, desks = office.services, office.desks
    if not (services and desks):
        return ()
    numbers = range(19, 9, -1)
    return tuple(
        RecentCall(
            f"{services[n % len(services)].prefix}{n:03d}",
            desks[n % len(desks)].code,
            pick(desks[n % len(desks)].name),
            1,
            unit.now,
        )
        for n in numbers
    )
