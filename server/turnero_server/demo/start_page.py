"""Where the demonstration begins: every screen, the people to sign in as, the simulated day."""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template, request
from sqlalchemy import select

from turnero_core.i18n import LANGUAGES, N_, pick
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.language import COOKIE
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket
from turnero_queue.permissions import Role
from turnero_server.demo import cast, day_views

LANGUAGE_NAMES = {"es": "Español", "en": "English", "pt": "Português"}
ROLES = {
    Role.ADMINISTRATOR: N_("Administrator: sees and sets up everything"),
    Role.AUDITOR: N_("Auditor: reads the log and the figures, changes nothing"),
    Role.SUPERVISOR: N_("Supervisor: watches one office"),
    Role.ATTENDANT: N_("Attendant: attends at a desk"),
    Role.CASHIER: N_("Cashier: attends and takes money"),
    Role.RECEPTIONIST: N_("Receptionist: gives turns and appointments"),
}


@dataclass(frozen=True)
class Face:
    """A screen of the product. `path` holds {office} where it is one office's."""

    name: str
    title: str
    hint: str
    path: str
    icon: str

    @property
    def of_office(self) -> bool:
        return "{office}" in self.path


FACES = (
    Face(
        "kiosk",
        N_("The kiosk"),
        N_("What a citizen touches at the entrance: choose, take a turn, keep it on the phone."),
        "/kiosk/{office}",
        "hand",
    ),
    Face(
        "hall",
        N_("The hall screen"),
        N_("Who is called, and where to: shown large, chimed and spoken."),
        "/hall/{office}",
        "monitor",
    ),
    Face(
        "phone",
        N_("The turn on a phone"),
        N_("What the QR of a slip opens: how many are ahead, and the call."),
        "/t/{token}",
        "smartphone",
    ),
    Face(
        "book",
        N_("Booking on the web"),
        N_("An appointment booked on a phone, or inside the city's own website."),
        "/book",
        "calendar",
    ),
    Face(
        "console",
        N_("The desk"),
        N_("What a clerk works with all day, by mouse or by keyboard alone."),
        "/console",
        "megaphone",
    ),
    Face(
        "tray",
        N_("The printer's tray"),
        N_("Every slip as it would leave the thermal printer, which you may break."),
        "/demo/printer",
        "printer",
    ),
    Face(
        "inbox",
        N_("The inbox"),
        N_("Every mail and SMS that people would get, with its calendar file."),
        "/demo/inbox",
        "mail",
    ),
    Face(
        "scanner",
        N_("The scanner"),
        N_("Holds invented documents and codes before the reader of a kiosk."),
        "/demo/scanner",
        "qr-code",
    ),
    Face(
        "api",
        N_("The API"),
        N_("What a city's app, a chatbot or a LED board talks to."),
        "/api/docs",
        "file-text",
    ),
)


def install(blueprint: Blueprint) -> None:
    blueprint.get("/")(start_page)


@access(PUBLIC)
@reads
def start_page(unit: Unit) -> Response:
    """The first page that a visitor of the demonstration sees."""
    page = render_template(
        "demo/start.html",
        faces=[_shown(unit, face) for face in FACES if _exists(face)],
        people=[(login, ROLES[role]) for login, role in cast.logins(unit.session)],
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
            (pick(office.name), face.path.format(office=office.code))
            for office in unit.catalogue.offices
        ]
    if "{token}" in face.path:
        token = _latest_turn(unit, unit.catalogue.offices)
        return [("", face.path.format(token=token))] if token else []
    return [("", face.path)]


def _latest_turn(unit: Unit, offices: tuple[Office, ...]) -> str | None:
    """The public token of somebody who waits now, else of whoever took the last turn."""
    for waiting in (Ticket.state == "waiting", Ticket.state != ""):
        query = select(Ticket.public_token).where(
            Ticket.office_id.in_([office.id for office in offices]), waiting
        )
        token = unit.session.scalar(query.order_by(Ticket.issued_at.desc()).limit(1))
        if token:
            return token
    return None


def _exists(face: Face) -> bool:
    rules = current_app.url_map.bind("")
    filled = {"office": "x", "token": "x"}
    return bool(rules.test(face.path.format_map(filled), "GET"))
