"""The touchscreen, from the choice on: the turn is given, and shown until the person goes."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_kiosk import machine, pages, papers, refusals, taking, visit
from turnero_kiosk.paying import till
from turnero_kiosk.taking import Wish
from turnero_kiosk.touch import printer_code
from turnero_queue import estimate, printing
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket
from turnero_queue.payments import states
from turnero_queue.waiting import code_of

PAPER, PHONE = "paper", "phone"

blueprint = Blueprint("kiosk_turn", __name__)
pages.prepare(blueprint)
refusals.install(blueprint)


@blueprint.post("/kiosk/<office>/turn")
@access(PUBLIC)
@changes
def take(unit: Unit, office: str) -> Response:
    """Give the turn that the form asks for, and show it."""
    found = machine.office(unit.catalogue, office)
    wish, key = _wish(unit, found)
    ticket_id = taking.take(unit, found, wish, key, base_url())
    nonce = visit.show(ticket_id, unit.now)
    return redirect(url_for("kiosk_turn.turn", office=office, nonce=nonce), 303)


@blueprint.get("/kiosk/<office>/turn")
@access(PUBLIC)
def no_turn(office: str) -> Response:
    """The address of the form, opened by hand or by going back."""
    return redirect(url_for("kiosk.start", office=office))


@blueprint.get("/kiosk/<office>/turn/<nonce>")
@access(PUBLIC)
@reads
def turn(unit: Unit, office: str, nonce: str) -> Response | str:
    """The number, to whoever took it and nobody after them."""
    found = machine.office(unit.catalogue, office)
    ticket = _ticket(unit, nonce)
    if ticket is None:
        return redirect(url_for("kiosk.start", office=office))
    fee, paid = _fee(unit, found, ticket)
    told = {"nonce": nonce, "fee": fee, "fee_paid": paid, **_facts(unit, found, ticket)}
    return pages.render("turn", unit.catalogue, found, **told)


@blueprint.get("/kiosk/<office>/turn/<nonce>/now")
@access(PUBLIC)
@reads
def progress(unit: Unit, office: str, nonce: str) -> Response | str:
    """Whether it has printed, and whether it is already called."""
    found = machine.office(unit.catalogue, office)
    ticket = _ticket(unit, nonce)
    if ticket is None:
        return redirect(url_for("kiosk.start", office=office))
    return render_template("kiosk/_progress.html", **_facts(unit, found, ticket))


def _wish(unit: Unit, office: Office) -> tuple[Wish, str]:
    """What the form asks for. Whatever the kiosk's own forms cannot say is refused."""
    form = request.form
    service = office.service(form.get("service", ""))
    key = form.get("key", "")
    if key != visit.key_for(f"{office.code}/{service.code}"):
        raise Conflict(N_("This page was somebody else's. Start again."), slug="old-form")
    if form.get("how") not in (PAPER, PHONE):
        raise BadRequest
    wanted = form["how"] == PAPER
    printer = printing.printer_for(unit.session, office, printer_code()) if wanted else None
    return Wish(service, unit.catalogue.priority(form.get("priority", "")), printer), key


def _ticket(unit: Unit, nonce: str) -> Ticket | None:
    shown = visit.shown(nonce, unit.now)
    return unit.session.get(Ticket, shown.ticket_id) if shown else None


def _fee(unit: Unit, office: Office, ticket: Ticket) -> tuple[int, bool]:
    """What may be paid for the turn at this kiosk, and whether it is paid; 0 for nothing."""
    known = till.fee_of(unit, office, ticket) if till.takes_fees(unit) else None
    if known is None:
        return 0, False
    item, payment = known
    return item.amount_minor, payment is not None and payment.state in states.PAID


def _facts(unit: Unit, office: Office, ticket: Ticket) -> dict[str, object]:
    job = printing.job_of(unit.session, ticket)
    desk = unit.catalogue.desks_by_id.get(ticket.desk_id or "")
    wait = None
    if ticket.state == "waiting":
        wait = estimate.of_office(
            unit.session, machine.whole(unit.catalogue, office), unit.now
        ).of_ticket(ticket.id)
    return {
        "ticket": ticket,
        "code": code_of(ticket.prefix, ticket.number),
        "service": unit.catalogue.services_by_id[ticket.service_id],
        "place": office.places.get(ticket.service_id, {}),
        "wait": wait,
        "desk": desk if ticket.state == "called" else None,
        "paper": papers.state_of(job, unit.now),
    }
