"""Times that are kept free for a reason, and what becomes of who has booked there."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.calendar import hurt
from turnero_admin.calendar.blueprint import (
    MANAGE,
    blueprint,
    day_asked,
    here,
    reason_asked,
    switcher,
)
from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import appointments
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.appointments import mending
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, AppointmentBlock
from turnero_queue.permissions import Permission


@dataclass(frozen=True)
class Asked:
    start: datetime
    end: datetime
    desks: tuple[str, ...]
    reason: str


@blueprint.get("/block")
@access(MANAGE)
@reads
def block(unit: Unit) -> str:
    return _page(unit)


@blueprint.post("/block")
@access(MANAGE)
def make_block() -> Response:
    """Block it; when that hurts somebody, only once it is said what becomes of them."""
    try:
        done = _block()
    except hurt.Undecided as undecided:
        return make_response(_ask(undecided), 409)
    except (Invalid, NotFound) as problem:
        return make_response(_again(problem), problem.status)
    flash(gettext(N_("This time is blocked.")), "ok")
    hurt.tell(done)
    return _to_day(request.form.get("day", ""))


@blueprint.post("/block/<block_id>/remove")
@access(MANAGE)
def remove_block(block_id: str) -> Response:
    try:
        day = _unblock(block_id)
        flash(gettext(N_("Appointments are given at that time again.")), "ok")
    except NotFound as problem:
        day = request.form.get("day", "")
        flash(gettext(problem.detail), "danger")
    return _to_day(day)


@changes
def _block(unit: Unit) -> mending.Mended:
    office = here(unit)
    asked = _asked(unit, office)
    found = _hurt(unit, office, asked)
    remedy = hurt.decided(found)
    appointments.block(
        unit.session,
        office,
        asked.start,
        asked.end,
        asked.reason,
        unit.actor,
        unit.now,
        desks=asked.desks,
    )
    told = request.form.get("told", "").strip()[:300] or asked.reason
    return mending.mend(unit.session, found, remedy, unit.actor, unit.now, told)


@changes
def _unblock(unit: Unit, block_id: str) -> str:
    row = unit.session.get(AppointmentBlock, block_id)
    if row is None:
        raise NotFound(N_("This time is not blocked any more."))
    unit.require(Permission.APPOINTMENTS_MANAGE, row.office_id)
    appointments.unblock(unit.session, block_id, unit.actor, unit.now)
    zone = unit.catalogue.offices_by_id[row.office_id].zone
    return row.starts_at.astimezone(zone).date().isoformat()


def _hurt(unit: Unit, office: Office, asked: Asked) -> list[Appointment]:
    return appointments.hurt_by_block(
        unit.session, office, asked.start, asked.end, unit.now, desks=asked.desks
    )


def _asked(unit: Unit, office: Office) -> Asked:
    """What the form says; Invalid names the fields that cannot be used."""
    day = day_asked(unit, office)
    errors: dict[str, list[str]] = {}
    ends: list[datetime] = []
    for name in ("from", "to"):
        minutes = _minutes(request.form.get(name, ""))
        if minutes is None:
            errors[name] = [gettext(N_("Write an hour, such as 09:30."))]
        else:
            whole = timedelta(days=minutes // 1440)
            at = time(minutes % 1440 // 60, minutes % 60)
            ends.append(datetime.combine(day + whole, at, tzinfo=office.zone))
    if len(ends) == 2 and ends[1] <= ends[0]:
        errors["to"] = [gettext(N_("It has to end after it begins."))]
    try:
        reason = reason_asked()
    except Invalid as problem:
        errors |= problem.extra["errors"]
    if errors:
        raise Invalid(errors=errors)
    desks = tuple(request.form.getlist("desks"))
    for code in desks:
        office.desk(code)
    return Asked(ends[0], ends[1], desks, reason)


def _minutes(text: str) -> int | None:
    """09:30 as minutes after midnight, 24:00 being the end of the day; None for no hour."""
    hours, _, minutes = text.partition(":")
    if not (hours.isascii() and hours.isdecimal() and minutes.isascii() and minutes.isdecimal()):
        return None
    total = int(hours) * 60 + int(minutes)
    return total if int(minutes) < 60 and total <= 1440 else None


@reads
def _ask(unit: Unit, undecided: hurt.Undecided) -> str:
    return _page(unit, undecided.errors, found=hurt.shown(unit, undecided.appointments))


@reads
def _again(unit: Unit, problem: Invalid | NotFound) -> str:
    errors = problem.extra.get("errors", {})
    if not errors:
        flash(gettext(problem.detail, **problem.params), "danger")
    return _page(unit, errors)


def _page(unit: Unit, errors: Any = None, found: Any = None) -> str:
    office = here(unit)
    return render_template(
        "admin/calendar/block.html",
        office=office,
        day=day_asked(unit, office),
        desks=office.desks,
        errors=errors or {},
        given=request.form,
        hurt=found,
        switcher=switcher(unit, office, "calendar.block", Permission.APPOINTMENTS_MANAGE),
    )


def _to_day(day: str) -> Response:
    address = url_for("calendar.index", office=request.args.get("office"), day=day)
    return make_response(redirect(address, 303))
