"""Where the demonstration begins: every screen, the people to sign in as, the simulated day."""

from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template, request
from sqlalchemy import select

from turnero_core import clock
from turnero_core.i18n import LANGUAGES, N_, pick
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.language import COOKIE
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket
from turnero_queue.permissions import Role
from turnero_server.demo import cast, day_views
from turnero_server.demo.faces import FACES, Face

LANGUAGE_NAMES = {"es": "Español", "en": "English", "pt": "Português"}
ROLES = {
    Role.ADMINISTRATOR: N_("Administrator: sees and sets up everything"),
    Role.AUDITOR: N_("Auditor: reads the log and the figures, changes nothing"),
    Role.SUPERVISOR: N_("Supervisor: watches one office"),
    Role.ATTENDANT: N_("Attendant: attends at a desk"),
    Role.CASHIER: N_("Cashier: attends and takes money"),
    Role.RECEPTIONIST: N_("Receptionist: gives turns and appointments"),
}
COORDINATOR = N_("Supervisor of the city: watches every office")


def install(blueprint: Blueprint) -> None:
    blueprint.get("/")(start_page)


@access(PUBLIC)
@reads
def start_page(unit: Unit) -> Response:
    """The first page that a visitor of the demonstration sees."""
    page = render_template(
        "demo/start.html",
        faces=[_shown(unit, face) for face in FACES if _exists(face)],
        people=[
            (login, COORDINATOR if login == cast.COORDINATOR else ROLES[role])
            for login, role in cast.logins(unit.session)
        ],
        password=cast.PASSWORD,
        languages=LANGUAGE_NAMES,
        pick=pick,
        **day_views.shown(unit),
    )
    response = make_response(page)
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(COOKIE, asked, samesite="Lax")
    return response


def _shown(unit: Unit, face: Face) -> dict[str, object]:
    """A face with the addresses that exist now; without a turn there is no phone to look at."""
    picture = f"{face.name}.webp"
    folder = current_app.blueprints["demo"].static_folder or ""
    return {
        "face": face,
        "picture": picture if (Path(folder) / picture).is_file() else None,
        "links": _links(unit, face),
    }


def _links(unit: Unit, face: Face) -> list[tuple[str, str]]:
    """(name, path): one for each office where there are several, else one without a name."""
    if face.of_office:
        return [
            (pick(office.name), face.path.format(office=office.code, desk=office.desks[0].code))
            for office in unit.catalogue.offices
            if office.desks
        ]
    if "{token}" in face.path:
        token = _latest_turn(unit, unit.catalogue.offices)
        return [("", face.path.format(token=token))] if token else []
    return [("", face.path)]


def _latest_turn(unit: Unit, offices: tuple[Office, ...]) -> str | None:
    """The public token of somebody who waits now, else of whoever took today's last turn."""
    today = clock.local_date(unit.now, offices[0].zone)
    for waiting in (Ticket.state == "waiting", Ticket.state != ""):
        query = select(Ticket.public_token).where(
            Ticket.office_id.in_([office.id for office in offices]),
            Ticket.business_day >= today,
            waiting,
        )
        token = unit.session.scalar(query.order_by(Ticket.issued_at.desc()).limit(1))
        if token:
            return token
    return None


def _exists(face: Face) -> bool:
    rules = current_app.url_map.bind("")
    filled = {"office": "x", "desk": "x", "token": "x"}
    return bool(rules.test(face.path.format_map(filled), "GET"))
