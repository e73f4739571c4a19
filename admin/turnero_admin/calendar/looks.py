"""How appointments look to the staff: a word, an icon and a colour for each state."""

from datetime import datetime
from typing import Any

from turnero_core.i18n import N_, gettext, pick
from turnero_queue.appointments import Wish, wording
from turnero_queue.models import AppointmentEvent

# State -> word, tone of its badge, icon.
STATES = {
    "held": (N_("Being booked"), "warn", "timer"),
    "confirmed": (N_("Confirmed"), "info", "calendar-check"),
    "checked_in": (N_("Checked in"), "ok", "hand"),
    "done": (N_("Attended"), "", "check"),
    "no_show": (N_("Did not come"), "danger", "user-x"),
    "cancelled": (N_("Cancelled"), "danger", "circle-x"),
    "expired": (N_("Not confirmed in time"), "", "timer"),
}
EVENTS = {
    "held": N_("An hour was held"),
    "confirmed": N_("Confirmed"),
    "rescheduled": N_("Moved to another hour"),
    "checked_in": N_("Checked in"),
    "done": N_("Attended"),
    "no_show": N_("Did not come"),
    "cancelled": N_("Cancelled"),
    "expired": N_("Not confirmed in time"),
}
ORIGINS = {
    "web": N_("On the web"),
    "kiosk": N_("At a kiosk"),
    "staff": N_("By the staff"),
    "api": N_("By another program"),
    "waiting_list": N_("From the waiting list"),
}
POOLS = {"public": N_("For everybody"), "staff": N_("Kept for the staff")}
SYSTEM = "system"
CITIZEN = "citizen"


def services_text(services: Wish) -> str:
    """“Rates × 2, Instalments”."""
    return ", ".join(
        pick(each.service.name) + (f" × {each.quantity}" if each.quantity > 1 else "")
        for each in services
    )


def actor_text(actor: str) -> str:
    if actor in (SYSTEM, CITIZEN):
        return gettext(N_("the system")) if actor == SYSTEM else gettext(N_("the citizen"))
    return actor.partition(":")[2] or actor


def moved_from(event: AppointmentEvent) -> datetime | None:
    """The hour that a booking had before it was moved."""
    text = event.data.get("from")
    return datetime.fromisoformat(text) if text else None


def context() -> dict[str, Any]:
    return {
        "states": STATES,
        "event_names": EVENTS,
        "origins": ORIGINS,
        "pools": POOLS,
        "services_text": services_text,
        "actor_text": actor_text,
        "moved_from": moved_from,
        "clock_of": wording.clock_of,
        "day_name": wording.day_name,
        "short_day": wording.short_day,
        "spaced": lambda code: f"{code[:3]} {code[3:]}",
    }
