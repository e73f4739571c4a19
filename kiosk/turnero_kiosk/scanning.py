"""What the kiosk does with what its reader types: it opens the turn of a slip, or asks whether the
data of an identity document may be used.

Whatever was read stays in this visit, sealed in the browser's own session, and is forgotten with
it: nothing is written to the database. Forms of the kiosk ask `person()` for it.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from turnero_core import sealed
from turnero_core.i18n import gettext
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_hardware import scanning
from turnero_hardware.scanning import IdentityDocument, OwnLink, Refusal, Scan, Why
from turnero_kiosk import machine, pages, refusals, visit
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import Ticket

blueprint = Blueprint("kiosk_scan", __name__, template_folder="templates")
pages.prepare(blueprint)
refusals.install(blueprint)
#: Where a bare number can only be the country's own; told by the municipality's currency.
_COUNTRY_OF = {"ARS": "AR", "PEN": "PE", "COP": "CO"}
#: Who else knows a code: gives the address to go to, or None. Other parts of the kiosk add theirs.
Opener = Callable[[Unit, Office, Scan], str | None]
OPENERS: list[Opener] = []
#: Who knows a person whose document may be used: gives the address to go to, or None.
Recogniser = Callable[[Unit, Office, IdentityDocument], str | None]
RECOGNISERS: list[Recogniser] = []


@blueprint.post("/kiosk/<office>/scan")
@access(PUBLIC)
@changes
def scan(unit: Unit, office: str) -> Response | str:
    """Something was held before the reader."""
    found = machine.office(unit.catalogue, office)
    read = read_scan(unit.catalogue, request.form.get("text", ""))
    if isinstance(read, IdentityDocument):
        visit.propose(seal(read))
        return redirect(url_for("kiosk_scan.ask", office=found.code), 303)
    for opener in (_ticket, *OPENERS):
        address = opener(unit, found, read)
        if address is not None:
            return redirect(address, 303)
    refusal = read if isinstance(read, Refusal) else Refusal(Why.UNKNOWN)
    return pages.render("unread", unit.catalogue, found, words=gettext(refusal.words))


@blueprint.get("/kiosk/<office>/scan/person")
@access(PUBLIC)
@reads
def ask(unit: Unit, office: str) -> Response | str:
    """This was read: may it be used?"""
    found = machine.office(unit.catalogue, office)
    proposed = _opened(visit.proposed())
    if proposed is None:
        return redirect(url_for("kiosk.start", office=found.code))
    return pages.render("document", unit.catalogue, found, document=proposed)


@blueprint.post("/kiosk/<office>/scan/person")
@access(PUBLIC)
@reads
def answer(unit: Unit, office: str) -> Response:
    """Yes keeps the data for this visit's forms, no forgets it at once."""
    found = machine.office(unit.catalogue, office)
    visit.settle(agreed=request.form.get("use") == "yes")
    # A form that waits for the number gets it.
    waiting = visit.kept("asking") or ""
    if waiting.startswith(f"/kiosk/{found.code}/"):
        return redirect(waiting, 303)
    g.pop("person", None)
    document = person()
    known = (recognise(unit, found, document) for recognise in RECOGNISERS) if document else ()
    address = next(filter(None, known), None)
    return redirect(address or url_for("kiosk.choose", office=found.code), 303)


def person() -> IdentityDocument | None:
    """Whoever agreed in this visit that their document's data be used."""
    if "person" not in g:
        g.person = _opened(visit.agreed())
    found: IdentityDocument | None = g.person
    return found


def read_scan(found: Catalogue, text: str) -> Scan:
    """What `text` says here."""
    hosts = {urlsplit(base_url()).netloc, request.host}
    return scanning.read(text, hosts=hosts, country=_COUNTRY_OF.get(found.currency, ""))


def seal(document: IdentityDocument) -> str:
    return sealed.seal(json.dumps(asdict(document), default=str))


def _opened(token: str | None) -> IdentityDocument | None:
    if not token:
        return None
    try:
        values: dict[str, Any] = json.loads(sealed.unseal(token))
    except sealed.SealedError:
        return None
    born = values.pop("birth_date")
    return IdentityDocument(**values, birth_date=date.fromisoformat(born) if born else None)


def _ticket(unit: Unit, office: Office, read: Scan) -> str | None:
    """The turn of a slip's or a phone's QR."""
    if isinstance(read, OwnLink) and read.kind == "t":
        token = read.code
        known = select(Ticket.id).where(Ticket.public_token == token, Ticket.office_id == office.id)
        ticket_id = unit.session.scalar(known)
        if ticket_id is not None:
            nonce = visit.show(ticket_id, unit.now)
            return url_for("kiosk_turn.turn", office=office.code, nonce=nonce)
    return None
