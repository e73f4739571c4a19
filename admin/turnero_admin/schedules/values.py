"""What the form of an availability shows: one that there is, or what somebody has just written."""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from turnero_admin.schedules.blueprint import hours_text
from turnero_queue.availability import SHARED_GROUP, WEEKDAYS, Availability

NEW = Availability("", (), {})


@dataclass(frozen=True)
class Values:
    """Texts by field, and the boxes that are ticked."""

    texts: Mapping[str, str]
    services: frozenset[str]
    desks: frozenset[str]
    on_desks: bool


def of(known: Availability | None) -> Values:
    given = known or NEW
    texts = {
        "slot_minutes": given.slot_minutes,
        "buffer_minutes": given.buffer_minutes,
        "seats": given.seats,
        "group": given.group or SHARED_GROUP,
        "desks_needed": given.desks_needed,
        "pool": given.pool,
        "first": given.first or "",
        "last": given.last or "",
        "every_weeks": given.every_weeks,
        "exceptions": "\n".join(sorted(day.isoformat() for day in given.exceptions)),
        "lead_minutes": given.lead_minutes,
        "horizon_days": given.horizon_days,
        "told": "",
        **{f"name-{language}": name for language, name in given.name.items()},
        **{f"hours-{day}": hours_text(given.hours.get(day, ())) for day in WEEKDAYS},
    }
    return Values(
        {name: str(value) for name, value in texts.items()},
        frozenset(given.services),
        frozenset(given.desks),
        on_desks=bool(given.desks) or known is None,
    )


def of_form(form: MultiDict[str, str]) -> Values:
    return Values(
        {name: form[name] for name in form},
        frozenset(form.getlist("services")),
        frozenset(form.getlist("desks")),
        on_desks=form.get("places") != "seats",
    )
