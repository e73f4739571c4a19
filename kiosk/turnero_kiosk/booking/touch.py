"""Booking at the touchscreen: a day, an hour, how to be reached, and the appointment's paper."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask import Response as Picture
from werkzeug.wrappers import Response

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid, NotFound, Problem
from turnero_core.i18n import N_, current_language, gettext
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_kiosk import machine, pages, qr, refusals, scanning, visit
from turnero_kiosk.booking import hours, keeping
from turnero_kiosk.touch import printer_code
from turnero_queue import appointments, printing
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.api.theme import paper_logo
from turnero_queue.appointments import Person, TooMany, Wanted, slips
from turnero_queue.catalogue import Office, Service
from turnero_queue.models import Appointment

HOUR_GONE = ("slot-full", "slot-unavailable", "hold-expired")
ENOUGH = ("too-many-appointments", "too-many-holds", "appointment-over")

blueprint = Blueprint("kiosk_booking", __name__, template_folder="../templates")
pages.prepare(blueprint)
refusals.install(blueprint)


@blueprint.get("/kiosk/<office>/book/<service>")
@access(PUBLIC)
@reads
def day(unit: Unit, office: str, service: str) -> str:
    """The next days with free hours."""
    found, wanted = _choice(unit, office, service)
    after = as_date(request.args.get("after"))
    free, further = hours.free_days(unit.session, found, [Wanted(wanted)], unit.now, after)
    context: dict[str, Any] = {"service": wanted, "days": free, "further": further, "after": after}
    if not free and after is None:
        context["elsewhere"] = _elsewhere(unit, found, wanted)
    return pages.render("booking/day", unit.catalogue, found, **context)


@blueprint.get("/kiosk/<office>/book/<service>/phone.svg")
@access(PUBLIC)
@reads
def phone(unit: Unit, office: str, service: str) -> Response:
    """The QR code that goes on with the same choice on a phone."""
    found, wanted = _choice(unit, office, service)
    way = url_for("book.day", office=found.code, s=wanted.code, lang=current_language())
    return Picture(qr.svg(f"{base_url()}{way}"), mimetype="image/svg+xml")


@blueprint.get("/kiosk/<office>/book/<service>/<day>")
@access(PUBLIC)
@reads
def hour(unit: Unit, office: str, service: str, day: str) -> str:
    """The free hours of a day."""
    found, wanted = _choice(unit, office, service)
    when = as_date(day)
    if when is None:
        raise NotFound(N_("There is no such day."))
    page = request.args.get("page", 1, type=int)
    parts, following = hours.parts_of(unit.session, found, [Wanted(wanted)], when, unit.now, page)
    today = clock.local_date(unit.now, found.zone)
    return pages.render(
        "booking/hour",
        unit.catalogue,
        found,
        service=wanted,
        day=when,
        day_name=hours.day_name(when, today),
        parts=parts,
        page=page,
        following=following,
        key=visit.key_for,
    )


@blueprint.post("/kiosk/<office>/book/<service>")
@access(PUBLIC)
@changes
def hold(unit: Unit, office: str, service: str) -> Response:
    """The hour is kept while the person says how to be reached."""
    found, wanted = _choice(unit, office, service)
    start, key = request.form.get("start", ""), request.form.get("key", "")
    keeping.check_key(key, f"{found.code}/{wanted.code}/{start}")
    held = keeping.hold(unit, found, [Wanted(wanted)], as_instant(start), key)
    nonce = visit.keep_booking(held.id)
    return redirect(url_for("kiosk_booking.summary", office=found.code, nonce=nonce), 303)


@blueprint.get("/kiosk/<office>/booking/<nonce>")
@access(PUBLIC)
@reads
def summary(unit: Unit, office: str, nonce: str) -> Response | str:
    """What is about to be booked; once confirmed, the appointment."""
    found = machine.office(unit.catalogue, office)
    booked = keeping.current(unit, nonce)
    if booked.state == "held":
        return _summary(unit, found, booked, nonce)
    return redirect(url_for("kiosk_booking.booked", office=found.code, nonce=nonce))


@blueprint.post("/kiosk/<office>/booking/<nonce>")
@access(PUBLIC)
@changes
def confirm(unit: Unit, office: str, nonce: str) -> Response:
    """Book it, and print it when this kiosk can."""
    found = machine.office(unit.catalogue, office)
    booked = keeping.current(unit, nonce)
    fresh = booked.state == "held"
    document = scanning.person()
    name = f"{document.given_names} {document.family_names}".strip() if document else ""
    person = Person(
        name or None, request.form.get("email") or None, request.form.get("phone") or None
    )
    done = appointments.confirm(unit.session, booked.token, unit.now, person)
    printer = printing.printer_for(unit.session, found, printer_code())
    if fresh and printer is not None:
        slips.print_appointment(
            unit.session, unit.catalogue, done, printer, base_url(), unit.now, paper_logo()
        )
    return redirect(url_for("kiosk_booking.booked", office=found.code, nonce=nonce), 303)


@blueprint.get("/kiosk/<office>/booked/<nonce>")
@access(PUBLIC)
@reads
def booked(unit: Unit, office: str, nonce: str) -> Response | str:
    """The appointment, with the code it is found by."""
    found = machine.office(unit.catalogue, office)
    try:
        held = keeping.current(unit, nonce)
    except NotFound:
        return redirect(url_for("kiosk.start", office=found.code))
    prints = printing.printer_for(unit.session, found, printer_code()) is not None
    return pages.render(
        "booking/booked",
        unit.catalogue,
        found,
        nonce=nonce,
        prints=prints,
        **facts(unit, held),
    )


@blueprint.errorhandler(Conflict)
@blueprint.errorhandler(TooMany)
def refused(problem: Problem) -> tuple[str, int]:
    """Somebody else was faster, the time to confirm is over, or there are enough already."""
    view = request.view_args or {}
    if problem.slug in HOUR_GONE:
        page: tuple[str, int] = _gone(view["office"], view.get("service"), problem)
        return page
    if problem.slug in ENOUGH:
        page = _enough(view["office"], problem)
        return page
    return refusals.of_problem(problem)


@blueprint.errorhandler(Invalid)
def unreachable(problem: Invalid) -> tuple[str, int]:
    """An address that cannot be one: the form again, with what is wrong."""
    view = request.view_args or {}
    if "nonce" not in view:
        return refusals.of_problem(problem)
    return _again(view["office"], view["nonce"], problem), 422


@reads
def _again(unit: Unit, office: str, nonce: str, problem: Invalid) -> str:
    found = machine.office(unit.catalogue, office)
    return _summary(
        unit, found, keeping.current(unit, nonce), nonce, problem.extra.get("errors", {})
    )


@reads
def _enough(unit: Unit, office: str, problem: Problem) -> tuple[str, int]:
    found = machine.office(unit.catalogue, office)
    said = gettext(problem.detail, **problem.params)
    title = gettext(problem.title)
    page = pages.render(
        "booking/refused", unit.catalogue, found, problem=problem, title=title, advice=said
    )
    return page, problem.status


@reads
def _gone(unit: Unit, office: str, service: str | None, problem: Problem) -> tuple[str, int]:
    found = machine.office(unit.catalogue, office)
    wanted = found.service(service) if service else None
    today = clock.local_date(unit.now, found.zone)
    following = [
        (
            hours.day_name(at.astimezone(found.zone).date(), today),
            hours.Hour(at, hours.clock_of(at, found), 1),
        )
        for at in (as_instant(each["start"]) for each in problem.extra.get("next", [])[:3])
    ]
    page = pages.render(
        "booking/gone",
        unit.catalogue,
        found,
        service=wanted,
        following=following,
        key=visit.key_for,
        late=problem.slug == "hold-expired",
    )
    return page, problem.status


def facts(unit: Unit, found: Appointment) -> dict[str, Any]:
    """An appointment in words, for its screens."""
    place = unit.catalogue.offices_by_id[found.office_id]
    at = found.starts_at.astimezone(place.zone)
    return {
        "appointment": found,
        "place": place,
        "wanted": appointments.wish_of(unit.session, unit.catalogue, found),
        "day_name": hours.day_name(at.date(), clock.local_date(unit.now, place.zone)),
        "hour": hours.clock_of(found.starts_at, place),
        "code": f"{found.code[:3]} {found.code[3:]}",
    }


def _summary(unit: Unit, office: Office, held: Appointment, nonce: str, errors: Any = None) -> str:
    left = int((held.expires_at - unit.now).total_seconds()) if held.expires_at else 0
    return pages.render(
        "booking/summary",
        unit.catalogue,
        office,
        nonce=nonce,
        left=max(0, left),
        errors=errors or {},
        form=request.form,
        prints=printing.printer_for(unit.session, office, printer_code()) is not None,
        **facts(unit, held),
    )


def _choice(unit: Unit, office: str, service: str) -> tuple[Office, Service]:
    found = machine.office(unit.catalogue, office)
    wanted = found.service(service)
    if not (wanted.appointments and machine.settings().appointments):
        raise NotFound(N_("There are no appointments for this here."))
    return found, wanted


def _elsewhere(unit: Unit, office: Office, service: Service) -> list[tuple[Office, str, str]]:
    """Other offices with a free hour, the soonest first."""
    others = [
        other
        for other in unit.catalogue.offices
        if other.id != office.id and service in other.services
    ]
    found = appointments.first_free(unit.session, [Wanted(service)], others, unit.now)
    return [
        (
            other,
            hours.day_name(
                slot.start.astimezone(other.zone).date(), clock.local_date(unit.now, other.zone)
            ),
            hours.clock_of(slot.start, other),
        )
        for other, slot in found[:3]
    ]


def as_instant(text: str) -> datetime:
    """The instant that a form's RFC 3339 `text` names; NotFound for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise NotFound(N_("There is no such hour."))
    return found


def as_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
