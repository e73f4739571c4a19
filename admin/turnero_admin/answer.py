"""Doing an action at a console and showing the console as it is afterwards."""

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from turnero_admin import place, task, view_model
from turnero_admin.blueprint import htmx
from turnero_admin.task import Task
from turnero_core.errors import Conflict, Invalid, NotFound, Problem
from turnero_core.i18n import gettext
from turnero_queue.api.edge import Unit, changes, reads

# What a person can meet in daily work, and mend by looking again.
EVERYDAY = (Conflict, Invalid, NotFound)


def perform(office: str, desk: str, act: Callable[[Task], str]) -> Response:
    """`act` in one transaction; it gives the sentence to say. A refusal changes nothing."""
    try:
        kind, said, status = "ok", _committed(office, desk, act), 200
    except EVERYDAY as problem:
        kind, said, status = "warn", sentence(problem), problem.status
    if htmx:
        answer: Response = _console(office, desk, kind, said, status)
        return answer
    if said:
        flash(said, kind)
    return make_response(redirect(url_for("admin.console", office=office, desk=desk), 303))


def sentence(problem: Problem) -> str:
    return gettext(problem.detail, **problem.params)


@changes
def _committed(unit: Unit, office: str, desk: str, act: Callable[[Task], str]) -> str:
    return act(task.begin(unit, office, desk))


@reads
def _console(unit: Unit, office: str, desk: str, kind: str, said: str, status: int) -> Response:
    """The console's parts; what is typed in stays, unless it was about somebody else."""
    found = place.find(unit, office, desk)
    panel = view_model.panel(found)
    about = panel.visitor.ticket.id if panel.visitor else ""
    same = request.headers.get("X-Console-Person", "") == about
    page = render_template(
        "admin/_answer.html",
        office=found.office,
        desk=found.desk,
        unit=unit,
        panel=panel,
        lists=view_model.lists(found),
        work=None if same else view_model.work(found),
        same_person=same,
        notice=(kind, said),
    )
    return make_response(page, status, {"X-Console": "1"})
