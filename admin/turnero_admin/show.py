"""Times and words as the staff's pages write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from turnero_core.i18n import N_, current_language, gettext

ORIGINS = {
    "kiosk": N_("Kiosk"),
    "web": N_("Phone or web"),
    "staff": N_("Front desk"),
    "appointment": N_("Appointment"),
    "api": N_("Another system"),
}
DESK_STATUSES = {"open": N_("Open"), "paused": N_("Paused"), "closed": N_("Closed")}


def hour(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")


def minutes(seconds: int) -> str:
    """A wait in words: "12 min", "1 h 05 min"."""
    whole = round(seconds / 60)
    if whole < 1:
        return gettext(N_("under 1 min"))
    if whole < 60:
        return gettext(N_("%(minutes)s min"), minutes=whole)
    return gettext(N_("%(hours)s h %(minutes)s min"), hours=whole // 60, minutes=f"{whole % 60:02}")


def stopwatch(seconds: int) -> str:
    """A running time: 0:42, 12:05, 1:02:10."""
    hours, rest = divmod(max(0, seconds), 3600)
    clock = f"{rest // 60}:{rest % 60:02}"
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else clock


def language(code: str) -> str:
    """The name of a language, in the reader's."""
    try:
        name = Locale.parse(code).get_display_name(current_language())
    except (UnknownLocaleError, ValueError):
        name = None
    return (name or code).capitalize()


def origin(code: str) -> str:
    return gettext(ORIGINS.get(code, code))


def status(code: str) -> str:
    return gettext(DESK_STATUSES[code])


def reason(why: str, code: str, priority: str = "") -> str:
    """The reason for a place without the number, and the priority, that stand beside it."""
    return why.removeprefix(f"{code}: ").removeprefix(f"{priority}, ")
