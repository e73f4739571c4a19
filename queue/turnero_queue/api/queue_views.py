"""The queue of an office, in the order it will be called."""

from typing import Any

from flask_smorest import Blueprint

from turnero_core.web.access import access
from turnero_queue import describe
from turnero_queue.api import schemas
from turnero_queue.api.edge import Unit, authenticate, reads

blueprint = Blueprint("queue", __name__, description="Who waits, and why in this order.")
blueprint.before_request(authenticate)


@blueprint.get("/offices/<office>/queue")
@blueprint.response(200, schemas.Queue)
@access("scope:tickets", "scope:desks")
@reads
def get_queue(unit: Unit, office: str) -> dict[str, Any]:
    """The waiting tickets in the order they would be called."""
    found = unit.office(office)
    return {"tickets": describe.queue(unit.session, unit.catalogue, found, unit.now)}
