"""Letting a machine in: by the code on its screen, or by a sheet that is taken to it."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin.devices.blueprint import (
    MANAGE,
    blueprint,
    may_everywhere,
    require,
)
from turnero_core.errors import Invalid, Problem
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url
from turnero_queue import devices
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.devices import Guesses
from turnero_queue.models.devices import DeviceKind
from turnero_queue.permissions import Permission

EVERYWHERE = "*"
# Whoever may approve is trusted, but not with trying out every code there is.
_guesses = Guesses(most=20)


@blueprint.get("/new")
@access(MANAGE)
@reads
def new(unit: Unit) -> str:
    return _page(unit)


@blueprint.post("/approve")
@access(MANAGE)
@changes
def approve(unit: Unit) -> Response:
    """Somebody read the code on the machine's screen."""
    try:
        _guesses.count(unit.actor)
        device = devices.approve(
            unit.session,
            request.form.get("code", ""),
            name=request.form.get("name", ""),
            office_id=_office_id(unit),
            actor=unit.actor,
            now=unit.now,
        )
    except Problem as problem:
        return make_response(_page(unit, "approve", problem), problem.status)
    flash(gettext(N_("%(name)s is let in. Its screen goes on by itself."), name=device.name), "ok")
    return make_response(redirect(url_for("machines.one", code=device.code), 303))


@blueprint.post("/invite")
@access(MANAGE)
@changes
def invite(unit: Unit) -> Response:
    """A code to take to the machine; this answer alone shows it."""
    kind, name = request.form.get("kind", ""), request.form.get("name", "")
    try:
        code = devices.invite(
            unit.session,
            kind,
            name=name,
            office_id=_office_id(unit),
            actor=unit.actor,
            now=unit.now,
        )
    except Problem as problem:
        return make_response(_page(unit, "invite", problem), problem.status)
    return sheet(code, kind, name)


def sheet(code: str, kind: str, name: str) -> Response:
    """The page with an enrolment code, made to be printed and shown once."""
    page = render_template(
        "admin/devices/sheet.html",
        enrolment=code,
        kind=kind,
        name=name,
        server=base_url(),
        by_hand=kind == DeviceKind.AGENT,
    )
    answer = make_response(page, 201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _office_id(unit: Unit) -> str | None:
    code = request.form.get("office", "")
    if code == EVERYWHERE:
        require(unit, Permission.DEVICES_MANAGE, None)
        return None
    office = unit.catalogue.office(code)
    require(unit, Permission.DEVICES_MANAGE, office.id)
    return office.id


def _page(unit: Unit, form: str = "", problem: Problem | None = None) -> str:
    errors: dict[str, Any] = {}
    if isinstance(problem, Invalid):
        errors = problem.extra["errors"]
    elif problem is not None:
        errors = {"code": [gettext(problem.detail, **problem.params)]}
    return render_template(
        "admin/devices/new.html",
        offices=unit.offices_with(Permission.DEVICES_MANAGE),
        everywhere=may_everywhere(unit, Permission.DEVICES_MANAGE),
        pending=devices.pending(unit.session, unit.now),
        form=form,
        errors=errors,
        given=request.form,
    )
