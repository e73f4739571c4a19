"""The kiosk's first screen and a turn's page on a phone, with texts that are being written."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template

from turnero_core.web.access import access
from turnero_kiosk import machine, pages, wording
from turnero_queue import opening
from turnero_queue.api import drafts
from turnero_queue.api.edge import Unit, authenticate, reads

MAY = "can:office.configure"
NOBODYS = "preview"
blueprint = Blueprint("kiosk_preview", __name__, url_prefix="/preview", template_folder="templates")
blueprint.before_request(authenticate)
blueprint.context_processor(machine.context)


@blueprint.route("/<office>/kiosk", methods=["GET", "POST"])
@access(MAY)
@reads
def start(unit: Unit, office: str) -> str:
    found = drafts.office(unit, unit.catalogue.office(office))
    span = opening.open_span(found, unit.now)
    return pages.render(
        "start",
        unit.catalogue,
        found,
        books=bool(found.availabilities),
        pays=False,
        ways=wording.ways_in(unit.catalogue, True),
        open=True,
        closes=wording.closing(span, found) if span else "",
        waiting=3,
    )


@blueprint.route("/<office>/phone", methods=["GET", "POST"])
@access(MAY)
@reads
def turn(unit: Unit, office: str) -> str:
    found = drafts.office(unit, unit.catalogue.office(office))
    return render_template("phone/turn.html", office=found, **_invented(found))


def _invented(office: Any) -> dict[str, Any]:
    """A turn of nobody's."""
    service = next(iter(office.services), SimpleNamespace(name={}, prefix="A"))
    return {
        "ticket": SimpleNamespace(public_token=NOBODYS, calls=0),
        "state": "waiting",
        "code": f"{service.prefix}012",
        "service": service,
        "place": {},
        "desk": None,
        "wait": None,
    }
