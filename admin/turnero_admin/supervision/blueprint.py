"""The blueprint of `/admin/supervision`, and what its actions share.

An action's page stands by itself; opened from the live page it is fetched into a dialog, without
the frame (the header `X-Region`).
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask import url_for as address_of

from turnero_admin.panel.blueprint import prepare
from turnero_admin.supervision import words
from turnero_core.errors import Conflict, Invalid, NotFound, Problem
from turnero_core.i18n import gettext
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.permissions import Permission

SUPERVISE = "can:office.supervise"
MAY = Permission.OFFICE_SUPERVISE
#: What a supervisor can meet and mend by looking again.
EVERYDAY = (Conflict, Invalid, NotFound)

Change = Callable[[Unit, Office], str]
Page = Callable[..., str]

blueprint = prepare(Blueprint("supervision", __name__, url_prefix="/admin/supervision"))
blueprint.context_processor(words.context)


def office_of(unit: Unit, code: str) -> Office:
    """The office in the address, when whoever asks supervises it."""
    office = unit.catalogue.office(code)
    unit.require(MAY, office.id)
    return office


def action_page(part: str, office: Office, title: str, **context: Any) -> str:
    """The page of an action, or what of it goes into a dialog."""
    inside = "X-Region" in request.headers
    template = "admin/supervision/_dialog.html" if inside else "admin/supervision/act.html"
    filled = {"errors": {}, "problem": None, "given": None, "switcher": None, **context}
    return render_template(
        template, part=f"admin/supervision/{part}.html", title=title, office=office, **filled
    )


def act(code: str, change: Change, again: Page) -> Response:
    """Do `change`, which gives the sentence to say, in one transaction, and go back to the live
    page; a refusal changes nothing and shows the action's page `again`, with what is wrong."""
    try:
        said = _committed(code, change)
    except EVERYDAY as problem:
        return make_response(_shown_again(code, again, problem), problem.status)
    flash(said, "ok")
    return make_response(redirect(address_of("supervision.office", office=code), 303))


@changes
def _committed(unit: Unit, code: str, change: Change) -> str:
    return change(unit, office_of(unit, code))


@reads
def _shown_again(unit: Unit, code: str, again: Page, refused: Problem) -> str:
    errors = refused.extra.get("errors", {}) if isinstance(refused, Invalid) else {}
    return again(
        unit,
        office_of(unit, code),
        problem=None if errors else sentence(refused),
        errors=errors,
        refused=refused,
        given=request.form,
    )


def sentence(problem: Problem) -> str:
    return gettext(problem.detail, **problem.params)
