"""How supervision speaks of desks, waits and hours: by a word, a sign and a colour together."""

from datetime import datetime, timedelta
from typing import Any

from turnero_admin import show
from turnero_core import clock
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.catalogue import Office
from turnero_queue.models import ServicePause
from turnero_queue.supervision.city import BUSY, CALM, CLOSED, TROUBLED
from turnero_queue.supervision.office_now import IN_TIME, OVER, SOON, AtDesk, Person

#: word, sign, colour
DOING = {
    "called": (N_("Calling"), "megaphone", "call"),
    "serving": (N_("Attending"), "user", "ok"),
    "idle": (N_("Free"), "check", "info"),
    "paused": (N_("Paused"), "pause", "warn"),
    "closed": (N_("Closed"), "lock", ""),
}
STATES = {
    TROUBLED: (N_("Needs somebody"), "circle-x", "danger"),
    BUSY: (N_("Look at it soon"), "triangle-alert", "warn"),
    CALM: (N_("Calm"), "circle-check", "ok"),
    CLOSED: (N_("Closed"), "lock", ""),
}
_COLOURS = {OVER: "danger", SOON: "warn", IN_TIME: "ok"}
MINUTE = timedelta(minutes=1)


def name_of(at: AtDesk) -> str:
    """What a desk does, in a word."""
    return gettext(DOING[at.doing][0])


def of_pause(pause: ServicePause, office: Office, now: datetime) -> str:
    """A pause as staff say it: until when."""
    if pause.until is None:
        return gettext(N_("paused until somebody lets it go on"))
    if clock.local_date(pause.until, office.zone) != clock.local_date(now, office.zone):
        return gettext(N_("paused for today"))
    return gettext(N_("paused until %(time)s"), time=show.hour(pause.until, office.zone))


def doing(at: AtDesk, office: Office) -> str:
    """What a desk does and since when, in one line."""
    time = show.minutes(at.for_s)
    if at.doing == "serving":
        return gettext(N_("%(code)s for %(time)s"), code=at.code, time=time)
    if at.doing == "called":
        return gettext(N_("%(code)s, %(time)s ago"), code=at.code, time=time)
    if at.shift is None:
        return gettext(N_("not opened yet"))
    if at.doing == "paused" and at.shift.reason:
        return gettext(N_("for %(time)s: %(reason)s"), time=time, reason=at.shift.reason)
    if at.doing == "closed":
        return closed_since(at.shift.at, office, clock.now())
    return gettext(N_("for %(time)s"), time=time)


def closed_since(at: datetime, office: Office, now: datetime) -> str:
    """Since which hour of today, or which day: short enough for one line."""
    day, today = (clock.local_date(moment, office.zone) for moment in (at, now))
    if day >= today:
        return gettext(N_("since %(time)s"), time=show.hour(at, office.zone))
    if day == today - timedelta(days=1):
        return gettext(N_("since yesterday"))
    return gettext(N_("since %(day)s"), day=show.day(day))


def against_target(person: Person) -> tuple[str, str]:
    """How a wait stands against its target: the words and the colour."""
    if not person.attended and person.level != OVER:
        return gettext(N_("no open desk")), _COLOURS[SOON]
    if person.level == OVER:
        over = show.minutes(max(60, person.over_s))
        return gettext(N_("%(time)s over target"), time=over), _COLOURS[OVER]
    if person.level == SOON:
        return gettext(N_("will go over target")), _COLOURS[SOON]
    left = show.minutes(-person.over_s)
    return gettext(N_("%(time)s left"), time=left), _COLOURS[IN_TIME]


def hour_of_today(text: str, office: Office, now: datetime, field: str = "until") -> datetime:
    """An hour such as 15:30 on the office's wall, still to come today; Invalid otherwise."""
    try:
        hours, minutes = (int(part) for part in text.split(":")[:2])
        local = now.astimezone(office.zone)
        until = local.replace(hour=hours, minute=minutes, second=0, microsecond=0)
    except ValueError:
        raise Invalid(errors={field: [gettext(N_("Write an hour such as 15:30."))]}) from None
    if until <= now:
        raise Invalid(errors={field: [gettext(N_("Choose an hour that is still to come."))]})
    return until.astimezone(now.tzinfo)


def hour_from_now(minutes: int, office: Office, now: datetime) -> str:
    """The hour so long from now, to the next five minutes; never on another day."""
    local = now.astimezone(office.zone) + minutes * MINUTE
    local += (-local.minute % 5) * MINUTE
    if local.date() != clock.local_date(now, office.zone):
        return "23:59"
    return local.strftime("%H:%M")


def context() -> dict[str, Any]:
    return {
        "doings": DOING,
        "office_states": STATES,
        "doing": doing,
        "words_of_pause": of_pause,
        "against_target": against_target,
    }
