"""Somebody with an appointment: found by its code or its QR, checked in, moved or given up."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_hardware.scanning import IdentityDocument, OwnLink, Scan, ShortCode
from turnero_kiosk import machine, pages, refusals, scanning, visit
from turnero_kiosk.booking import guessing, hours, keeping
from turnero_kiosk.booking.touch import as_date, as_instant, facts
from turnero_kiosk.touch import printer_code
from turnero_queue import appointments, devices, printing
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.api.theme import paper_logo
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, Ticket

# As the kiosk's own readers say it: the first part of the link on an appointment's paper.
LINK = "appointments"

blueprint = Blueprint("kiosk_arriving", __name__, template_folder="../templates")
pages.prepare(blueprint)
refusals.install(blueprint)


@blueprint.get("/kiosk/<office>/appointment")
@access(PUBLIC)
@reads
def ask(unit: Unit, office: str) -> str:
    """The code, typed or held before the reader."""
    return pages.render("booking/code", unit.catalogue, machine.office(unit.catalogue, office))


@blueprint.post("/kiosk/<office>/appointment")
@access(PUBLIC)
@reads
def find(unit: Unit, office: str) -> Response | tuple[str, int]:
    """Show the appointment that the code is of."""
    found = machine.office(unit.catalogue, office)
    typed = request.form.get("code", "")
    try:
        held = guessing.find(unit, typed)
    except (NotFound, devices.TooManyGuesses) as problem:
        words = gettext(N_("There is no appointment with this code. Look at it again, please."))
        if problem.status == 429 or not visit.may_guess(guessing.IN_A_VISIT):
            words = gettext(N_("That was a wrong code too often. Please ask at the desk."))
        page = pages.render("booking/code", unit.catalogue, found, typed=typed, error=words)
        return page, problem.status
    nonce = visit.keep_booking(held.id)
    return redirect(url_for("kiosk_arriving.show", office=found.code, nonce=nonce), 303)


@blueprint.get("/kiosk/<office>/appointment/<nonce>")
@access(PUBLIC)
@reads
def show(unit: Unit, office: str, nonce: str) -> str:
    """The appointment, and what can be done with it now."""
    found = machine.office(unit.catalogue, office)
    held = keeping.current(unit, nonce)
    rules = unit.catalogue.offices_by_id[held.office_id].rules
    return pages.render(
        "booking/appointment",
        unit.catalogue,
        found,
        nonce=nonce,
        here=held.office_id == found.id,
        case=appointments.case_of(rules, held.starts_at, unit.now),
        **facts(unit, held),
    )


@blueprint.post("/kiosk/<office>/appointment/<nonce>/here")
@access(PUBLIC)
@changes
def check_in(unit: Unit, office: str, nonce: str) -> Response:
    """They have come: the turn of their appointment, on paper where there is a printer."""
    found = machine.office(unit.catalogue, office)
    held = keeping.current(unit, nonce)
    before = held.ticket_id
    arrival = appointments.check_in(
        unit.session, held.token, unit.now, office=machine.whole(unit.catalogue, found)
    )
    if before is None:
        _print(unit, found, arrival.ticket)
    word = visit.show(arrival.ticket.id, unit.now)
    return redirect(url_for("kiosk_turn.turn", office=found.code, nonce=word), 303)


@blueprint.get("/kiosk/<office>/appointment/<nonce>/other")
@access(PUBLIC)
@reads
def other_day(unit: Unit, office: str, nonce: str) -> str:
    """Another day for the same appointment."""
    found = machine.office(unit.catalogue, office)
    held = keeping.current(unit, nonce)
    place = unit.catalogue.offices_by_id[held.office_id]
    wanted = appointments.wish_of(unit.session, unit.catalogue, held)
    after = as_date(request.args.get("after"))
    free, further = hours.free_days(unit.session, place, wanted, unit.now, after)
    return pages.render(
        "booking/other_day",
        unit.catalogue,
        found,
        nonce=nonce,
        days=free,
        further=further,
        after=after,
        **facts(unit, held),
    )


@blueprint.get("/kiosk/<office>/appointment/<nonce>/other/<day>")
@access(PUBLIC)
@reads
def other_hour(unit: Unit, office: str, nonce: str, day: str) -> str:
    """The free hours of the other day."""
    found = machine.office(unit.catalogue, office)
    held = keeping.current(unit, nonce)
    when = as_date(day)
    if when is None:
        raise NotFound(N_("There is no such day."))
    place = unit.catalogue.offices_by_id[held.office_id]
    wanted = appointments.wish_of(unit.session, unit.catalogue, held)
    page = request.args.get("page", 1, type=int)
    parts, following = hours.parts_of(unit.session, place, wanted, when, unit.now, page)
    today = unit.now.astimezone(place.zone).date()
    return pages.render(
        "booking/other_hour",
        unit.catalogue,
        found,
        nonce=nonce,
        day=when,
        parts=parts,
        page=page,
        following=following,
        chosen=hours.day_name(when, today),
        **facts(unit, held),
    )


@blueprint.post("/kiosk/<office>/appointment/<nonce>/other")
@access(PUBLIC)
@changes
def move(unit: Unit, office: str, nonce: str) -> Response:
    """The same appointment at another hour, under the same code."""
    held = keeping.current(unit, nonce)
    start = as_instant(request.form.get("start", ""))
    appointments.reschedule(unit.session, held.token, start, unit.now)
    return redirect(url_for("kiosk_booking.booked", office=office, nonce=nonce), 303)


@blueprint.get("/kiosk/<office>/appointment/<nonce>/cancel")
@access(PUBLIC)
@reads
def ask_to_cancel(unit: Unit, office: str, nonce: str) -> str:
    found = machine.office(unit.catalogue, office)
    held = keeping.current(unit, nonce)
    return pages.render("booking/cancel", unit.catalogue, found, nonce=nonce, **facts(unit, held))


@blueprint.post("/kiosk/<office>/appointment/<nonce>/cancel")
@access(PUBLIC)
@changes
def cancel(unit: Unit, office: str, nonce: str) -> str:
    """Given up: somebody else can have the hour from now on."""
    found = machine.office(unit.catalogue, office)
    held = keeping.current(unit, nonce)
    appointments.call_off(unit.session, held, unit.now, actor="citizen")
    return pages.render("booking/cancelled", unit.catalogue, found, **facts(unit, held))


@blueprint.errorhandler(Conflict)
def refused(problem: Conflict) -> tuple[str, int]:
    """Too early, too late, elsewhere, or over: said with a way on."""
    office = (request.view_args or {}).get("office", "")
    page: tuple[str, int] = _refusal(office, problem)
    return page


@reads
def _refusal(unit: Unit, office: str, problem: Conflict) -> tuple[str, int]:
    found = machine.office(unit.catalogue, office)
    nonce = (request.view_args or {}).get("nonce", "")
    page = pages.render(
        "booking/refused",
        unit.catalogue,
        found,
        problem=problem,
        nonce=nonce,
        title=gettext(problem.title),
        advice=gettext(problem.detail, **problem.params),
    )
    return page, problem.status


def open_scanned(unit: Unit, office: Office, read: Scan) -> str | None:
    """The appointment of a scanned link or code."""
    held = _scanned(unit, read)
    if held is None:
        return None
    nonce = visit.keep_booking(held.id)
    return url_for("kiosk_arriving.show", office=office.code, nonce=nonce)


def recognise(unit: Unit, office: Office, document: IdentityDocument) -> str | None:
    """The first appointment of today that is in this person's name."""
    name = f"{document.given_names} {document.family_names}"
    for held in appointments.of_person(unit.session, office, name, unit.now):
        nonce = visit.keep_booking(held.id)
        return url_for("kiosk_arriving.show", office=office.code, nonce=nonce)
    return None


def _scanned(unit: Unit, read: Scan) -> Appointment | None:
    try:
        if isinstance(read, OwnLink) and read.kind == LINK:
            return appointments.by_token(unit.session, read.code)
        if isinstance(read, ShortCode):
            return guessing.find(unit, read.code)
    except (NotFound, devices.TooManyGuesses):
        return None
    return None


def _print(unit: Unit, office: Office, ticket: Ticket) -> None:
    printer = printing.printer_for(unit.session, office, printer_code())
    if printer is not None:
        printing.print_ticket(
            unit.session, unit.catalogue, ticket, printer, base_url(), unit.now, paper_logo()
        )


scanning.OPENERS.append(open_scanned)
scanning.RECOGNISERS.append(recognise)
