"""Times and words as the staff's pages write them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton

from turnero_core.i18n import N_, current_language, gettext

ORIGINS = {
    "kiosk": N_("Kiosk"),
    "web": N_("Phone or web"),
    "staff": N_("Front desk"),
    "appointment": N_("Appointment"),
    "api": N_("Another system"),
}
DESK_STATUSES = {"open": N_("Open"), "paused": N_("Paused"), "closed": N_("Closed")}
# What stands in a browser's own description, the most particular first.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def hour(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")


def day(date_: date) -> str:
    """A day without its year: Nov 27, 27 nov."""
    return str(format_skeleton("MMMd", date_, locale=current_language()))


def moment(at: datetime, zone: str) -> str:
    """A day and an hour as the reader writes them."""
    local = at.astimezone(ZoneInfo(zone))
    return str(format_datetime(local, "short", locale=current_language()))


def browser(agent: str) -> str:
    """A browser by the name that people know, as far as it can be told."""
    name = next((said for mark, said in BROWSERS if mark in agent), "")
    system = next((said for mark, said in SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (name, system))) or gettext(N_("Unknown browser"))


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
