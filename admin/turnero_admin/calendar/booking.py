"""Booking for somebody who stands at the counter or is on the telephone."""

import hashlib
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.calendar import free
from turnero_admin.calendar.blueprint import (
    MANAGE,
    blueprint,
    day_asked,
    here,
    instant,
    said,
    switcher,
)
from turnero_admin.calendar.one import pool_asked
from turnero_admin.calendar.one_changes import note
from turnero_core import clock
from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import LANGUAGES, N_, gettext, language_of
from turnero_core.ids import new_id
from turnero_core.web.access import access
from turnero_queue import appointments, idempotency
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.appointments import Booker, Person, Wish, telling
from turnero_queue.catalogue import Office, Service
from turnero_queue.idempotency import Answer
from turnero_queue.models import Appointment
from turnero_queue.permissions import Permission

LONGEST_NOTE = 300


@blueprint.get("/new")
@access(MANAGE)
@reads
def new(unit: Unit) -> str:
    return _page(unit)


@blueprint.post("/new")
@access(MANAGE)
def book() -> Response:
    """Book it and show it; or the page again, with what is wrong."""
    try:
        booked = _book()
    except (Conflict, Invalid, NotFound) as problem:
        return make_response(_again(problem), problem.status)
    flash(gettext(N_("Booked. The code is %(code)s."), code=booked.code), "ok")
    if not telling.reachable(booked):
        flash(gettext(N_("Write the code down for the person, or print the slip.")), "info")
    return make_response(redirect(url_for("calendar.one", appointment_id=booked.id), 303))


@changes
def _book(unit: Unit) -> Appointment:
    office, form = here(unit), request.form
    key = form.get("key") or new_id()
    asked = hashlib.sha256(repr(sorted(form.items(multi=True))).encode()).hexdigest()
    before = idempotency.claim(unit.session, unit.actor, key, asked, unit.now)
    if before is not None and before.body is not None:
        return appointments.by_id(unit.session, str(before.body["appointment"]))
    language = form.get("language", "")
    booker = Booker(
        actor=unit.actor,
        origin="staff",
        language=language if language in LANGUAGES else _usual_language(unit),
        pool=pool_asked(),
        notes=form.get("notes", "").strip()[:LONGEST_NOTE],
    )
    person = Person(form.get("name") or None, form.get("email") or None, form.get("phone") or None)
    held = appointments.hold(
        unit.session,
        office,
        _wish(unit, office),
        instant(form.get("start", "")),
        unit.now,
        booker,
        person,
    )
    booked = appointments.confirm(unit.session, held.token, unit.now, person, actor=unit.actor)
    note(unit, "appointment.book", booked)
    answer = Answer(201, {"appointment": booked.id})
    idempotency.keep(unit.session, unit.actor, key, answer)
    return booked


@reads
def _again(unit: Unit, problem: Conflict | Invalid | NotFound) -> str:
    errors = dict(problem.extra.get("errors", {}))
    if not errors:
        flash(gettext(problem.detail, **problem.params), "danger")
    elif isinstance(problem, Invalid) and not set(errors) <= {"name", "email", "phone", "start"}:
        flash(said(problem), "danger")
    return _page(unit, errors)


def _page(unit: Unit, errors: dict[str, list[str]] | None = None) -> str:
    office = here(unit)
    day, pool = day_asked(unit, office), pool_asked()
    return render_template(
        "admin/calendar/new.html",
        office=office,
        services=_offered(office),
        chosen=_chosen(),
        day=day,
        today=clock.local_date(unit.now, office.zone),
        pool=pool,
        pools_offered=free.has_staff_pool(office),
        languages=unit.catalogue.languages,
        usual=_usual_language(unit),
        errors=errors or {},
        given=request.form,
        key=new_id(),
        switcher=switcher(unit, office, "calendar.new", Permission.APPOINTMENTS_MANAGE),
        **_hours(unit, office, pool),
    )


def _hours(unit: Unit, office: Office, pool: str) -> dict[str, Any]:
    """The free hours for what was chosen; `wanted` is None as long as that is nothing."""
    if not _chosen():
        return {"wanted": None}
    try:
        wanted = _wish(unit, office)
    except (Conflict, Invalid, NotFound) as problem:
        text = said(problem) if not isinstance(problem, NotFound) else gettext(problem.detail)
        return {"wanted": None, "unusable": text}
    day = day_asked(unit, office)
    parts = free.parts_of(unit, office, wanted, day, pool)
    further = None if parts else free.next_day(unit, office, wanted, day, pool)
    return {"wanted": wanted, "parts": parts, "further": further}


def _wish(unit: Unit, office: Office) -> Wish:
    return appointments.wish(unit.catalogue, office, list(_chosen().items()))


def _chosen() -> dict[str, int]:
    """The services ticked, with how many of each."""
    found = {}
    for code in request.values.getlist("s"):
        text = request.values.get(f"q-{code}", "1")
        found[code] = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    return found


def _offered(office: Office) -> list[Service]:
    given = {code for each in office.availabilities for code in each.services}
    return [each for each in office.services if each.appointments and each.code in given]


def _usual_language(unit: Unit) -> str:
    return language_of(unit.catalogue.locale)
