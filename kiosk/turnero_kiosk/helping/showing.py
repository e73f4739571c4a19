"""What a kiosk's pages show of its call for help, and what they tell whoever assists."""

from dataclasses import dataclass
from typing import Any

from flask import Response, g
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import N_, current_language, gettext, ngettext
from turnero_core.web.runtime import runtime
from turnero_kiosk.helping import where, who
from turnero_queue import helping, sequence
from turnero_queue.catalogue import Office
from turnero_queue.helping import Call
from turnero_queue.models import Assistance

ENDED_BY_LEAVING = "start"


@dataclass(frozen=True)
class Help:
    """This kiosk's open call, and who assists or asks to."""

    call: Call
    assistance: Assistance | None
    helper: str
    ago: str

    @property
    def asks(self) -> bool:
        return self.assistance is not None and self.assistance.answered_at is None

    @property
    def assists(self) -> bool:
        return self.assistance is not None and bool(self.assistance.allowed)


def of_this(office: Office) -> Help | None:
    """The open call of the kiosk that asks, in a look of its own: pages are also shown at the end
    of units of work that change something."""
    key = who.key()
    if key is None or not office.rules.help_calls:
        return None
    with runtime().database.read() as session:
        return look(session, office, key)


def look(session: Session, office: Office, key: str) -> Help | None:
    now = clock.now()
    call = helping.of_kiosk(session, key, now)
    if call is None:
        return None
    minutes = office.rules.help_assist_minutes
    return Help(
        call,
        helping.of_call(session, call.id, minutes, now),
        call.first_name,
        ago((now - call.asked_at).total_seconds()),
    )


def ago(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 1:
        return gettext(N_("just now"))
    return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes, count=minutes)


def context(office: Office) -> dict[str, Any]:
    """What screen.html knows; what is shown is noted for whoever assists (see `note`)."""
    found = None if g.get("mirrored") else of_this(office)
    g.shown_help = found
    return {"helping": found, "mirrored": bool(g.get("mirrored"))}


def note(response: Response) -> Response:
    """After a page: tell whoever assists which one it is; the start ends what was."""
    found: Help | None = g.get("shown_help")
    if found is None or found.assistance is None or response.status_code != 200:
        return response
    at = where.now()
    with runtime().database.write() as session:
        moment = sequence.hold(session, found.call.office_id, clock.now())
        if at is not None and at.screen == "start":
            actor = f"kiosk:{found.call.label}"
            helping.end_assistance(session, moment, found.call, ENDED_BY_LEAVING, actor)
        elif found.assists:
            shown = at.shown if at else None
            screen = at.screen if at else "other"
            helping.shows(session, moment, found.call, screen, shown, current_language())
    return response
