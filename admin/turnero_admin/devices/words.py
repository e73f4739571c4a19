"""How machines are spoken of: each state by a word, a sign and a colour together."""

from datetime import datetime
from typing import Any

from turnero_core import clock
from turnero_core.i18n import N_, gettext, ngettext
from turnero_hardware.models import JobState
from turnero_hardware.status import Paper
from turnero_queue.devices import HealthState

#: word, sign, colour
STATES = {
    HealthState.OK: (N_("Works"), "circle-check", "ok"),
    HealthState.WARNING: (N_("Look at it soon"), "triangle-alert", "warn"),
    HealthState.TROUBLE: (N_("In trouble"), "circle-x", "danger"),
    HealthState.OFFLINE: (N_("Not heard of"), "wifi-off", "danger"),
    HealthState.NEVER: (N_("Not seen yet"), "clock", "info"),
}
KINDS = {
    "kiosk": (N_("Kiosk"), "monitor"),
    "agent": (N_("Agent"), "settings"),
    "display": (N_("Display"), "megaphone"),
    "tablet": (N_("Tablet"), "smartphone"),
    "printer": (N_("Printer"), "printer"),
}
PAPER = {
    Paper.OK: (N_("Enough"), "ok"),
    Paper.NEAR_END: (N_("Near its end"), "warn"),
    Paper.OUT: (N_("None"), "danger"),
    Paper.UNKNOWN: (N_("It cannot say"), ""),
}
JOBS = {
    JobState.QUEUED: (N_("Waiting"), "info"),
    JobState.CLAIMED: (N_("Printing"), "info"),
    JobState.PRINTED: (N_("Printed"), "ok"),
    JobState.FAILED: (N_("Did not print"), "danger"),
    JobState.EXPIRED: (N_("Given up"), "warn"),
}
JOB_KINDS = {
    "ticket": N_("Turn"),
    "receipt": N_("Receipt"),
    "test": N_("Test"),
    "appointment": N_("Appointment"),
    "certificate": N_("Certificate"),
}
EVENTS = {
    "queued": N_("Put in line"),
    "claimed": N_("Taken to be printed"),
    "printed": N_("Printed"),
    "retry": N_("Did not print, will be tried again"),
    "failed": N_("Did not print"),
    "expired": N_("Given up"),
    "moved": N_("Moved to another printer"),
    "reprint": N_("Asked for once more"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def ago(when: datetime | None) -> str:
    """How long ago something was, as people say it."""
    if when is None:
        return gettext(N_("never"))
    seconds = max(0, int((clock.now() - when).total_seconds()))
    if seconds < _MINUTE:
        return gettext(N_("just now"))
    if seconds < _HOUR:
        count = seconds // _MINUTE
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", count, count=count)
    if seconds < _DAY:
        count = seconds // _HOUR
        return ngettext("%(count)s hour ago", "%(count)s hours ago", count, count=count)
    count = seconds // _DAY
    return ngettext("%(count)s day ago", "%(count)s days ago", count, count=count)


def context() -> dict[str, Any]:
    return {
        "states": STATES,
        "kinds": KINDS,
        "papers": PAPER,
        "job_states": JOBS,
        "job_kinds": JOB_KINDS,
        "job_events": EVENTS,
        "ago": ago,
    }
