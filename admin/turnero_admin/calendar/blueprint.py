"""The blueprint of `/admin/appointments`: at which office one is, and on which day."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, request, url_for

from turnero_admin.calendar import looks
from turnero_admin.panel import offices
from turnero_admin.panel.blueprint import prepare
from turnero_admin.panel.offices import Place, Switcher
from turnero_core import clock
from turnero_core.errors import Conflict, Forbidden, Invalid
from turnero_core.i18n import N_, gettext, pick
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Office
from turnero_queue.permissions import Permission

MANAGE = "can:appointments.manage"
blueprint = prepare(Blueprint("calendar", __name__, url_prefix="/admin/appointments"))
blueprint.context_processor(looks.context)


def here(unit: Unit, permission: Permission = Permission.APPOINTMENTS_MANAGE) -> Office:
    """The office that `?office=` names, or the first where one may do that."""
    found = offices.chosen(unit, permission)
    allowed = [found] if found else unit.offices_with(permission)
    if not allowed:
        raise Forbidden(N_("Your account may not do this. Ask an administrator."))
    return allowed[0]


def switcher(unit: Unit, office: Office, endpoint: str, permission: Permission, **more: Any) -> Any:
    """Links to the same page of the other offices where one may do that; None without any."""
    places = [
        Place(pick(each.name), url_for(endpoint, office=each.code, **more), each.id == office.id)
        for each in unit.offices_with(permission)
    ]
    return Switcher(places, None) if len(places) > 1 else None


def day_asked(unit: Unit, office: Office, name: str = "day") -> date:
    """The day in the address or form; today when there is none or it is no day."""
    today = clock.local_date(unit.now, office.zone)
    try:
        day = date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return today
    # A year that a calendar can still count on from.
    return day if 2000 <= day.year <= 2200 else today


def instant(text: str) -> datetime:
    """An instant that a form sent; Invalid when it is none."""
    try:
        at: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid(errors={"start": [gettext(N_("Choose an hour."))]})
    return at


def reason_asked(name: str = "reason") -> str:
    """The reason that a form needs; Invalid without one."""
    reason = " ".join(request.form.get(name, "").split())[:300]
    if not reason:
        raise Invalid(errors={name: [gettext(N_("Say why, please."))]})
    return reason


def said(problem: Conflict | Invalid) -> str:
    """A refusal in one text: what is wrong with each field, else the whole."""
    errors = problem.extra.get("errors")
    if errors:
        return " ".join(text for texts in errors.values() for text in texts)
    return gettext(problem.detail, **problem.params)
