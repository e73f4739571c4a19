"""Who goes: taking a call, not being able to, and being done."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request

from turnero_admin import next_page
from turnero_admin.helping import banner
from turnero_admin.helping.blueprint import ANSWER, blueprint
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import helping
from turnero_queue.api.edge import Unit, changes
from turnero_queue.helping import Call
from turnero_queue.permissions import Permission
from turnero_queue.sequence import Moment

Change = Callable[[Unit, Moment, Call], None]
ONE = "/<uuid:call_id>"


@blueprint.post(f"{ONE}/take")
@access(ANSWER)
def take(call_id: UUID) -> Response:
    return _perform(call_id, _take, N_("They are told that you are coming."))


@blueprint.post(f"{ONE}/release")
@access(ANSWER)
def release(call_id: UUID) -> Response:
    return _perform(call_id, _release, N_("Somebody else can go now."))


@blueprint.post(f"{ONE}/done")
@access(ANSWER)
def done(call_id: UUID) -> Response:
    return _perform(call_id, _done, N_("Done. Thank you."))


def find(unit: Unit, call_id: str) -> Call:
    """The call, when whoever asks answers calls of its office."""
    call = helping.find(unit.session, call_id)
    unit.require(Permission.HELP_ANSWER, call.office_id)
    return call


def _take(unit: Unit, moment: Moment, call: Call) -> None:
    helping.take(unit.session, moment, call, unit.caller.id if unit.caller else "")


def _release(unit: Unit, moment: Moment, call: Call) -> None:
    helping.release(unit.session, moment, call, unit.caller.id if unit.caller else "")


def _done(unit: Unit, moment: Moment, call: Call) -> None:
    helping.finish(unit.session, moment, call)


@changes
def _changed(unit: Unit, call_id: str, change: Change) -> None:
    call = find(unit, call_id)
    change(unit, unit.hold(call.office_id), call)


def _perform(call_id: UUID, change: Change, said: str) -> Response:
    """Do it and show the banner as it is afterwards, or the whole page without scripts."""
    try:
        _changed(str(call_id), change)
        notice, status = ("ok", gettext(said)), 200
    except Conflict as problem:
        notice, status = ("warn", gettext(problem.detail, **problem.params)), problem.status
    if "X-Region" in request.headers:
        page = render_template("admin/help/_banner.html", **banner.context(notice))
        return make_response(page, status)
    flash(notice[1], notice[0])
    return make_response(redirect(next_page.safe(next_page.asked_for()), 303))
