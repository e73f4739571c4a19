"""The paper turn as a printer would print it: drawn from the very bytes it would be sent."""

from base64 import b64encode
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from turnero_admin.appearance.blueprint import OFFICE, blueprint
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, current_language
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url
from turnero_hardware.escpos_read import read
from turnero_hardware.escpos_render import render
from turnero_hardware.paper import paper_png
from turnero_hardware.profiles import PROFILES, Profile
from turnero_queue import printing, slips
from turnero_queue.api import drafts
from turnero_queue.api.edge import Unit, reads
from turnero_queue.api.theme import paper_logo
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.estimate import Wait
from turnero_queue.models import Ticket

WAIT = Wait(540, 900, 3, 2, 300, 40)
NUMBER = 12
USUAL = "80mm"


@blueprint.get("/offices/<office>/paper.png")
@access(OFFICE)
@reads
def paper(unit: Unit, office: str) -> Response:
    """The slip as it is printed now."""
    png, _ = _drawn(unit, drafts.office(unit, unit.office(office)))
    return Response(png, mimetype="image/png")


@blueprint.post("/offices/<office>/paper")
@access(OFFICE)
@reads
def paper_draft(unit: Unit, office: str) -> dict[str, str]:
    """The slip with the form's texts: the picture, and what stands on it."""
    png, text = _drawn(unit, drafts.office(unit, unit.office(office)))
    return {"picture": f"data:image/png;base64,{b64encode(png).decode('ascii')}", "text": text}


def _drawn(unit: Unit, office: Office) -> tuple[bytes, str]:
    profile = _profile(unit.session, office)
    slip = slips.ticket_slip(
        drafts.within(unit.catalogue, office),
        _ticket(unit, unit.catalogue, office),
        WAIT,
        f"{base_url()}/t/0123456789abcdef",
        paper_logo(),
    )
    data = render(slip, profile)
    return paper_png(data, profile.dots), read(data, profile.dots).text


def _profile(session: Session, office: Office) -> Profile:
    printer: Any = printing.printer_for(session, office)
    return PROFILES[printer.profile if printer else USUAL]


def _ticket(unit: Unit, catalogue: Catalogue, office: Office) -> Ticket:
    """A turn of nobody's, in no database."""
    service = next(iter(office.services or catalogue.services), None)
    if service is None:
        raise NotFound(N_("There is no service yet."))
    return Ticket(
        office_id=office.id,
        service_id=service.id,
        prefix=service.prefix,
        number=NUMBER,
        language=current_language(),
        issued_at=unit.now,
    )
