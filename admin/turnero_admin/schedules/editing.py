"""Editing one availability: looked at first, with the bookings that the change would hurt."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.calendar import hurt
from turnero_admin.calendar.blueprint import here, said
from turnero_admin.schedules import form, values
from turnero_admin.schedules.blueprint import EDIT, blueprint, facts
from turnero_core import clock
from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import appointments
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.appointments import mending, schedules
from turnero_queue.availability import Availability
from turnero_queue.catalogue import Office
from turnero_queue.permissions import Permission

ONE = "/edit/<code>"
GONE = N_("Somebody has taken these hours out of use.")


class Overtaken(Exception):
    """Somebody else has changed the office's schedules since the form was opened."""


@blueprint.get("/new")
@access(EDIT)
@reads
def new(unit: Unit) -> str:
    return _page(unit, None)


@blueprint.get(ONE)
@access(EDIT)
@reads
def edit(unit: Unit, code: str) -> str:
    return _page(unit, code)


@blueprint.post("/new")
@access(EDIT)
def create() -> Response:
    return _save(None)


@blueprint.post(ONE)
@access(EDIT)
def change(code: str) -> Response:
    return _save(code)


@blueprint.post(f"{ONE}/retire")
@access(EDIT)
def retire(code: str) -> Response:
    return _save(code, retiring=True)


def _save(code: str | None, *, retiring: bool = False) -> Response:
    """Save it and go back to the list; or the form again with what there is to say or decide."""
    try:
        office, done = _write(code, retiring=retiring)
    except hurt.Undecided as undecided:
        page = _asked_again(code, undecided.errors, undecided=undecided, retiring=retiring)
        return make_response(page, 409)
    except Overtaken:
        return make_response(_asked_again(code, {}, overtaken=True, retiring=retiring), 409)
    except Invalid as problem:
        return make_response(_asked_again(code, problem.extra.get("errors", {})), 422)
    except Conflict as problem:
        flash(said(problem), "danger")
        return make_response(_asked_again(code, {}, retiring=retiring), 409)
    flash(gettext(N_("Taken out of use.")) if retiring else gettext(N_("Saved.")), "ok")
    hurt.tell(done)
    return make_response(redirect(url_for("schedules.index", office=office), 303))


@changes
def _write(unit: Unit, code: str | None, *, retiring: bool) -> tuple[str, mending.Mended]:
    office = schedules.opened(unit.session, here(unit, Permission.SCHEDULES_EDIT), unit.now)
    known = _known(office, code)
    if retiring:
        given = [each for each in office.availabilities if each.code != code]
    else:
        mine = form.read(
            request.form, office, unit.catalogue.languages, known.code if known else None
        )
        given = _with(office.availabilities, mine)
    if request.form.get("version") != schedules.version_of(office):
        raise Overtaken
    before = {row.id for row in appointments.hurt_by(unit.session, office, unit.now)}
    changed = replace(office, availabilities=tuple(given))
    found = appointments.hurt_by(unit.session, changed, unit.now)
    # Those that were kept at an hour that is not given are not hurt by this change.
    newly = [row for row in found if row.id not in before]
    remedy = hurt.decided(newly)
    appointments.set_availabilities(
        unit.session, office, given, unit.actor, unit.now, keep_hurt=True
    )
    told = " ".join(request.form.get("told", "").split())[:300]
    return office.code, mending.mend(unit.session, newly, remedy, unit.actor, unit.now, told)


def _with(present: Sequence[Availability], mine: Availability) -> list[Availability]:
    if all(each.code != mine.code for each in present):
        return [*present, mine]
    return [mine if each.code == mine.code else each for each in present]


def _known(office: Office, code: str | None) -> Availability | None:
    """The availability as it is now; None for a new one."""
    if code is None:
        return None
    for each in office.availabilities:
        if each.code == code:
            return each
    raise NotFound(GONE)


@reads
def _asked_again(unit: Unit, code: str | None, errors: dict[str, list[str]], **more: Any) -> str:
    return _page(unit, code, errors, **more)


def _page(
    unit: Unit,
    code: str | None,
    errors: dict[str, list[str]] | None = None,
    *,
    undecided: hurt.Undecided | None = None,
    overtaken: bool = False,
    retiring: bool = False,
) -> str:
    office = here(unit, Permission.SCHEDULES_EDIT)
    known = _known(office, code)
    languages = unit.catalogue.languages
    given = values.of_form(request.form) if request.form and not retiring else values.of(known)
    return render_template(
        "admin/schedules/edit.html",
        office=office,
        known=known,
        given=given,
        languages=languages,
        services=[each for each in office.services if each.appointments],
        errors=errors or {},
        version=_version(office, overtaken),
        hurt=hurt.shown(unit, undecided.appointments) if undecided else None,
        differences=_differences(unit, office, known) if overtaken and not retiring else None,
        overtaken=overtaken,
        retiring=retiring,
        today=clock.local_date(unit.now, office.zone),
        switcher=None,
    )


def _version(office: Office, overtaken: bool) -> str:
    """The one that the form began with, until what is different since has been shown."""
    present = schedules.version_of(office)
    return present if overtaken else request.form.get("version") or present


def _differences(
    unit: Unit, office: Office, known: Availability | None
) -> list[tuple[str, str, str]]:
    """Field, as it is now, as this form would have it: where the two differ."""
    if known is None:
        return []
    mine = form.read(request.form, office, unit.catalogue.languages, known.code)
    theirs, ours = facts(office, known), facts(office, mine)
    return [(field, theirs[field], ours[field]) for field in theirs if theirs[field] != ours[field]]
