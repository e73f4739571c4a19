"""The blueprint of `/admin/schedules`, and how an availability is written for people."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from turnero_admin.calendar import looks
from turnero_admin.panel.blueprint import prepare
from turnero_core.i18n import N_, gettext, pick
from turnero_queue import opening
from turnero_queue.availability import WEEKDAYS, Availability
from turnero_queue.catalogue import Office

EDIT = "can:schedules.edit"
FIELDS = {
    "names": N_("Name"),
    "services": N_("Services"),
    "hours": N_("Weekly hours"),
    "slot_minutes": N_("Minutes for each appointment"),
    "buffer_minutes": N_("Minutes kept free after each"),
    "places": N_("Places"),
    "desks_needed": N_("Places that one appointment takes"),
    "pool": N_("Who may book"),
    "first": N_("From day"),
    "last": N_("To day"),
    "every_weeks": N_("Every how many weeks"),
    "exceptions": N_("Not on these days"),
    "lead_minutes": N_("Minutes ahead at least"),
    "horizon_days": N_("Days ahead at most"),
}
blueprint = prepare(Blueprint("schedules", __name__, url_prefix="/admin/schedules"))


def name_of(given: Availability) -> str:
    return pick(given.name) or given.code


def hours_text(spans: tuple[tuple[int, int], ...]) -> str:
    """“08:30-12:30, 14:00-16:00”, as the form has it."""
    return ", ".join(opening.written(span) for span in spans)


def week_text(hours: Mapping[str, tuple[tuple[int, int], ...]]) -> list[str]:
    """A line for each run of days that open at the same times."""
    runs: list[list[int]] = []
    for number, day in enumerate(WEEKDAYS):
        if not hours.get(day):
            continue
        same = runs and runs[-1][-1] == number - 1 and hours[WEEKDAYS[runs[-1][0]]] == hours[day]
        if same:
            runs[-1].append(number)
        else:
            runs.append([number])
    names = [gettext(name) for name in opening.WEEKDAY_NAMES]
    return [
        (names[run[0]] if len(run) == 1 else f"{names[run[0]]} – {names[run[-1]]}")
        + f": {hours_text(hours[WEEKDAYS[run[0]]])}"
        for run in runs
    ]


def places_text(office: Office, given: Availability) -> str:
    if given.desks:
        known = {desk.code: pick(desk.name) for desk in office.desks}
        return ", ".join(known.get(code, code) for code in given.desks)
    return gettext(N_("%(count)s places of “%(group)s”"), count=given.seats, group=given.group)


def facts(office: Office, given: Availability) -> dict[str, str]:
    """Every field as text, to compare two of them."""
    services = {each.code: pick(each.name) for each in office.services}
    written: dict[str, Any] = {
        "names": " / ".join(dict.fromkeys(given.name.values())) or given.code,
        "services": ", ".join(services.get(code, code) for code in given.services),
        "hours": "; ".join(week_text(given.hours)),
        "places": places_text(office, given),
        "pool": gettext(looks.POOLS[given.pool]),
        "first": given.first or "—",
        "last": given.last or "—",
        "exceptions": ", ".join(sorted(day.isoformat() for day in given.exceptions)) or "—",
    }
    return {name: str(written.get(name, getattr(given, name, ""))) for name in FIELDS}


blueprint.context_processor(
    lambda: {
        **looks.context(),
        "fields": FIELDS,
        "name_of": name_of,
        "hours_text": hours_text,
        "week_text": week_text,
        "places_text": places_text,
        "weekdays": list(zip(WEEKDAYS, opening.WEEKDAY_NAMES, strict=True)),
    }
)
