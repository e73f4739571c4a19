"""The touchscreen, up to the choice: start, categories, services, a service's sheet."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from turnero_core import clock
from turnero_core.errors import Conflict, NotFound, Unauthorized
from turnero_core.i18n import N_, set_language
from turnero_core.web.access import PUBLIC, access
from turnero_kiosk import choices, machine, pages, refusals, visit, wording
from turnero_queue import certificates, connectors, devices, estimate, opening, printing
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office, Service
from turnero_queue.supervision import pauses
from turnero_queue.supervision.pauses import ServicePaused

PRINTER_COOKIE = "turnero_printer"
YEARS_S = 10 * 365 * 24 * 3600

blueprint = Blueprint(
    "kiosk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/kiosk",
)
pages.prepare(blueprint)
refusals.install(blueprint)


@blueprint.get("/kiosk")
@access(PUBLIC)
@reads
def offices(unit: Unit) -> Response | tuple[str, int] | str:
    """For whoever sets the machine up: which office it stands in. One that is set up knows."""
    held = machine.token()
    if held is None:
        return render_template("kiosk/offices.html", offices=unit.catalogue.offices)
    try:
        found = machine.of(devices.authenticate(unit.session, held, unit.now))
    except Unauthorized:
        return render_template("kiosk/retired.html"), 403
    allowed = machine.offices(unit.catalogue, found)
    if found.office_id is None and len(allowed) > 1:
        return render_template("kiosk/offices.html", offices=allowed, machine=found)
    answer = redirect(url_for("kiosk.start", office=allowed[0].code))
    # Browsers keep no cookie for much longer than a year: each start of the machine renews it.
    machine.remember(answer, held)
    return answer


@blueprint.get("/kiosk/<office>")
@access(PUBLIC)
@reads
def start(unit: Unit, office: str) -> Response | str:
    """Nobody is here yet. Whatever the last person chose or saw is forgotten."""
    found = machine.office(unit.catalogue, office)
    if "printer" in request.args:
        return _remember_printer(unit, found, request.args["printer"])
    visit.begin()
    if any(name in request.cookies for name in pages.PREFERENCES):
        return _without_preferences(found)
    set_language(wording.main_language(machine.narrowed(unit.catalogue)))
    books = machine.settings().appointments and bool(found.availabilities)
    pays = machine.settings().payment and bool(
        connectors.configured(unit.session) or certificates.configured(unit.session)
    )
    situation = _situation(unit, found)
    return pages.render("start", unit.catalogue, found, books=books, pays=pays, **situation)


@blueprint.get("/kiosk/<office>/now")
@access(PUBLIC)
@reads
def situation(unit: Unit, office: str) -> str:
    """Open or closed, how many wait, and the ways in."""
    found = machine.office(unit.catalogue, office)
    return render_template("kiosk/now.html", office=found, **_situation(unit, found))


@blueprint.get("/kiosk/<office>/choose")
@access(PUBLIC)
@reads
def choose(unit: Unit, office: str) -> str:
    """What the person came for: categories, or all services where they are few."""
    found = machine.office(unit.catalogue, office)
    number = request.args.get("page", 1, type=int)
    if choices.few(found):
        return _services(unit, found, None, number)
    return pages.render(
        "categories",
        unit.catalogue,
        found,
        **_often(unit, found),
        page=choices.page_of(choices.groups(unit.catalogue, found), number),
    )


@blueprint.get("/kiosk/<office>/choose/<category>")
@access(PUBLIC)
@reads
def category(unit: Unit, office: str, category: str) -> str:
    """The services of a category."""
    found = machine.office(unit.catalogue, office)
    number = request.args.get("page", 1, type=int)
    return _services(unit, found, choices.group(unit.catalogue, found, category), number)


@blueprint.get("/kiosk/<office>/tiles")
@access(PUBLIC)
@reads
def tiles(unit: Unit, office: str) -> str:
    """The part of a screen of services that changes when one is paused."""
    found, code = machine.office(unit.catalogue, office), request.args.get("category")
    group = choices.group(unit.catalogue, found, code) if code else None
    page = request.args.get("page", 1, type=int)
    return render_template("kiosk/_tiles.html", office=found, **_offers(unit, found, group, page))


@blueprint.get("/kiosk/<office>/often")
@access(PUBLIC)
@reads
def often(unit: Unit, office: str) -> str:
    """The same of what is most asked for."""
    found = machine.office(unit.catalogue, office)
    return render_template("kiosk/_often.html", office=found, **_often(unit, found))


@blueprint.get("/kiosk/<office>/service/<service>/pause")
@access(PUBLIC)
@reads
def pause(unit: Unit, office: str, service: str) -> str:
    """Why no turn is given for a service now; nothing while turns are given."""
    found = machine.office(unit.catalogue, office)
    wanted = found.service(service)
    refusal = choices.refusal(unit.session, found, wanted, unit.now)
    told = {"paused": _paused(found, refusal), "books": _books(found, wanted)}
    return render_template("kiosk/_paused.html", office=found, service=wanted, **told)


@blueprint.get("/kiosk/<office>/service/<service>")
@access(PUBLIC)
@reads
def sheet(unit: Unit, office: str, service: str) -> str:
    """Everything about a service, the question of priority, and the turn itself."""
    found = machine.office(unit.catalogue, office)
    wanted = found.service(service)
    [offer] = choices.offers(unit.session, machine.whole(unit.catalogue, found), [wanted], unit.now)
    if offer.refusal is not None and offer.refusal.slug == "daily-limit":
        return _full(unit, found, offer)
    return pages.render(
        "sheet",
        unit.catalogue,
        found,
        offer=offer,
        service=wanted,
        place=found.places.get(wanted.id, {}),
        back=choices.code_of_group(unit.catalogue, found, wanted),
        key=visit.key_for(f"{found.code}/{wanted.code}"),
        prints=printing.printer_for(unit.session, found, printer_code()) is not None,
        closed=_situation(unit, found)["words"] if _is_closed(offer) else None,
        paused=_paused(found, offer.refusal),
        books=_books(found, wanted),
    )


def printer_code() -> str | None:
    """Which printer this machine prints on, when whoever set it up said so."""
    set_up = machine.current()
    return set_up.settings.printer if set_up else request.cookies.get(PRINTER_COOKIE)


def _services(unit: Unit, office: Office, group: choices.Group | None, number: int) -> str:
    shown = _offers(unit, office, group, number)
    return pages.render("services", unit.catalogue, office, **shown)


def _offers(
    unit: Unit, office: Office, group: choices.Group | None, number: int
) -> dict[str, object]:
    page = choices.page_of(group.services if group else office.services, number)
    whole = machine.whole(unit.catalogue, office)
    offers = choices.offers(unit.session, whole, page.items, unit.now)
    return {"group": group, "page": page, "offers": offers}


def _often(unit: Unit, office: Office) -> dict[str, object]:
    paused = pauses.of_office(unit.session, office.id, unit.now)
    return {
        "frequent": choices.frequent(unit.session, office, unit.now),
        "paused": {
            key: pauses.in_short(row.until, office.zone, unit.now) for key, row in paused.items()
        },
    }


def _books(office: Office, service: Service) -> bool:
    """Whether an appointment for the service can be booked at this machine."""
    offered = service.appointments and machine.settings().appointments
    return offered and bool(office.availabilities)


def _is_closed(offer: choices.Offer) -> bool:
    return offer.refusal is not None and not isinstance(offer.refusal, ServicePaused)


def _paused(office: Office, refusal: Conflict | None) -> str | None:
    """When a paused service goes on, in words; None when it is not paused."""
    if not isinstance(refusal, ServicePaused):
        return None
    return pauses.goes_on(refusal.until, office.zone, clock.now())


def _full(unit: Unit, office: Office, offer: choices.Offer) -> str:
    tomorrow = opening.next_opening(office, unit.now)
    return pages.render(
        "full",
        unit.catalogue,
        office,
        service=offer.service,
        elsewhere=choices.elsewhere(unit.catalogue, office, offer.service)[:3],
        opens=wording.opening(tomorrow, unit.now, office) if tomorrow else "",
    )


def _situation(unit: Unit, office: Office) -> dict[str, object]:
    span = opening.open_span(office, unit.now)
    following = opening.next_opening(office, unit.now)
    today = unit.now.astimezone(office.zone).date()
    return {
        "ways": wording.ways_in(machine.narrowed(unit.catalogue), span is not None),
        "open": span is not None,
        "closes": wording.closing(span, office) if span else "",
        "words": wording.opening(following, unit.now, office) if following else "",
        "because": opening.closed_reason(office, today) or "",
        "waiting": len(
            estimate.of_office(
                unit.session, machine.whole(unit.catalogue, office), unit.now
            ).ordered
        ),
    }


def _remember_printer(unit: Unit, office: Office, code: str) -> Response:
    if printing.printer_for(unit.session, office, code) is None:
        raise NotFound(N_("This office has no printer “%(code)s”."), code=code)
    answer = redirect(url_for("kiosk.start", office=office.code))
    answer.set_cookie(
        PRINTER_COOKIE, code, max_age=YEARS_S, path="/kiosk", httponly=True, samesite="Lax"
    )
    return answer


def _without_preferences(office: Office) -> Response:
    answer = redirect(url_for("kiosk.start", office=office.code))
    for name in pages.PREFERENCES:
        answer.delete_cookie(name)
    return answer
