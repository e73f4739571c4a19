"""The screens that the demonstration's first page leads to."""

from dataclasses import dataclass

from turnero_core.i18n import N_
from turnero_server.demo import cast


@dataclass(frozen=True)
class Face:
    """A screen of the product. `path` holds {office} where it is one office's; `who` is one of
    those who may see it."""

    name: str
    title: str
    hint: str
    path: str
    icon: str
    who: str = ""

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
        "ventanilla.centro",
    ),
    Face(
        "supervision",
        N_("Supervision of an office"),
        N_("Who waits, how long and at which desk, this minute; and what may be done about it."),
        "/admin/supervision/{office}",
        "users",
        "jefa.centro",
    ),
    Face(
        "city",
        N_("Supervision of the city"),
        N_("Every office in one table, the one in trouble first."),
        "/admin/supervision",
        "building-2",
        cast.COORDINATOR,
    ),
    Face(
        "statistics",
        N_("The statistics"),
        N_("Six weeks behind it: waits, targets, busy hours, each table to download."),
        "/admin/statistics",
        "chart-column",
        cast.COORDINATOR,
    ),
    Face(
        "configuration",
        N_("The configuration"),
        N_("Offices, desks, services, hours and rules, changed on the screen and written down."),
        "/admin/configuration/offices/{office}",
        "settings",
        cast.ADMINISTRATOR,
    ),
    Face(
        "help",
        N_("Help at the kiosk"),
        N_("Somebody asks for help at the kiosk; the staff answers from another screen."),
        "/admin/help",
        "hand-helping",
        "jefa.centro",
    ),
    Face(
        "tablet",
        N_("The satisfaction tablet"),
        N_("Five faces beside the desk: touched once, counted, and nobody knows by whom."),
        "/demo/tablet/{office}/{desk}",
        "smile",
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
