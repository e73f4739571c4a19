"""The public catalogue: offices, whether they are open, and what they offer."""

from typing import Any

from flask_smorest import Blueprint

from turnero_core.web.access import PUBLIC, access
from turnero_queue import describe, estimate
from turnero_queue.api import schemas
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.supervision import pauses

blueprint = Blueprint("offices", __name__, description="The public catalogue.")
blueprint.before_request(authenticate)


@blueprint.get("/offices")
@blueprint.response(200, schemas.Offices)
@access(PUBLIC)
@reads
def list_offices(unit: Unit) -> dict[str, Any]:
    """Every office, with whether it is open, how many wait and for how long."""
    return {
        "offices": [
            describe.office(office, unit.now, estimate.of_office(unit.session, office, unit.now))
            for office in unit.catalogue.offices
        ]
    }


@blueprint.get("/offices/<office>")
@blueprint.response(200, schemas.Office)
@access(PUBLIC)
@reads
def get_office(unit: Unit, office: str) -> dict[str, Any]:
    """One office, with whether it is open, how many wait and for how long."""
    found = unit.catalogue.office(office)
    return describe.office(found, unit.now, estimate.of_office(unit.session, found, unit.now))


@blueprint.get("/offices/<office>/services")
@blueprint.response(200, schemas.Services)
@access(PUBLIC)
@reads
def list_services(unit: Unit, office: str) -> dict[str, Any]:
    """What an office offers: papers, fee, duration, people waiting, the wait, what is paused."""
    found = unit.catalogue.office(office)
    waits = estimate.of_office(unit.session, found, unit.now)
    paused = pauses.of_office(unit.session, found.id, unit.now)
    return {
        "services": [
            describe.service(unit.catalogue, found, service, waits, paused.get(service.id))
            for service in found.services
        ]
    }
