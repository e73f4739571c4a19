"""What is held of one person, given out or erased on request; and what is due to be forgotten."""

import json
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.panel.blueprint import blueprint
from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import privacy as held
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.permissions import Permission
from turnero_queue.privacy import Sought
from turnero_queue.privacy.measures import MEASURES

ERASE = "can:personal_data.erase"
KINDS = {
    "document": N_("Document number"),
    "email": N_("E-mail address"),
    "phone": N_("Telephone number"),
}
CONFIRMED = "yes"


@blueprint.get("/privacy")
@access(ERASE)
@reads
def privacy(unit: Unit) -> Response:
    return _page(unit)


# What somebody is sought by must not stand in an address: those are kept in logs and histories.
@blueprint.post("/privacy")
@access(ERASE)
@reads
def find_person(unit: Unit) -> Response:
    try:
        who = _sought(unit)
    except Invalid as problem:
        return _page(unit, errors=problem.extra["errors"], status=422)
    return _page(unit, found=held.find(unit.session, who, _offices(unit)))


@blueprint.post("/privacy/export")
@access(ERASE)
@changes
def export_person(unit: Unit) -> Response:
    """All that is held, as a file for the person who asks."""
    given = held.give_out(
        unit.session, _sought(unit), unit.now, actor=unit.actor, offices=_offices(unit)
    )
    answer = make_response(json.dumps(given, ensure_ascii=False, indent=2))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = 'attachment; filename="personal-data.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/privacy/erase")
@access(ERASE)
def erase_person() -> Response:
    try:
        count = _erase()
    except (Invalid, NotFound) as problem:
        return _refused(problem)
    flash(gettext(N_("Erased. Things that told of this person: %(n)s."), n=count), "ok")
    return make_response(redirect(url_for("panel.privacy"), 303))


@changes
def _erase(unit: Unit) -> int:
    who = _sought(unit)
    if request.form.get("sure") != CONFIRMED:
        said = gettext(N_("Confirm that it is to be erased."))
        raise Invalid(errors={"sure": [said]})
    reason = request.form.get("reason", "")
    offices = _offices(unit)
    found = held.erase(unit.session, who, reason, unit.now, actor=unit.actor, offices=offices)
    return found.total


def _refused(problem: Invalid | NotFound) -> Response:
    @reads
    def again(unit: Unit) -> Response:
        errors = problem.extra.get("errors") or {"text": [gettext(problem.detail)]}
        try:
            found = held.find(unit.session, _sought(unit), _offices(unit))
        except Invalid:
            found = None
        return _page(unit, found=found, errors=errors, status=problem.status)

    answer: Response = again()
    return answer


def _sought(unit: Unit) -> Sought:
    form = request.form
    return held.sought(unit.session, form.get("kind", ""), form.get("text", ""))


def _offices(unit: Unit) -> frozenset[str] | None:
    """The offices whose things one may erase; None is all of them."""
    grants = unit.caller.grants if unit.caller else None
    return grants.offices(Permission.PERSONAL_DATA_ERASE) if grants else frozenset()


def _page(
    unit: Unit,
    found: held.Found | None = None,
    errors: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    everywhere = _offices(unit) is None
    page = render_template(
        "admin/panel/privacy.html",
        kinds=[(kind, gettext(name)) for kind, name in KINDS.items()],
        names={one.name: one.what for one in MEASURES},
        values=request.form,
        found=found,
        errors=errors or {},
        due=held.report(unit.session, unit.now) if everywhere else [],
        switcher=None,
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
