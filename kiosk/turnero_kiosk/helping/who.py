"""Which kiosk calls: the machine, or a browser that was not set up and has a name for the day."""

from flask import request, session

from turnero_core.i18n import N_, gettext
from turnero_core.ids import new_id
from turnero_kiosk import machine

KEY = "help_place"


def key() -> str | None:
    """What this kiosk's call is kept under; None where nobody ever called."""
    found = machine.current()
    if found is not None:
        return found.id
    place: str | None = session.get(KEY)
    return place


def key_for_call() -> str:
    """The same; a browser that was not set up is given one, which outlives the visit."""
    if key() is None:
        session[KEY] = new_id()
    return str(key())


def device_id() -> str | None:
    found = machine.current()
    return found.id if found else None


def label() -> str:
    """What the staff know it by."""
    found = machine.current()
    if found is not None:
        return found.name
    return gettext(N_("Screen %(address)s"), address=request.remote_addr or "?")
