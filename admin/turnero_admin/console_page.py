"""The desk's console: the page, and the parts of it fetched again when something changes."""

from flask import render_template

from turnero_admin import place, view_model
from turnero_admin.blueprint import blueprint
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads


@blueprint.get("/console/<office>/<desk>")
@access("can:desk.attend")
@reads
def console(unit: Unit, office: str, desk: str) -> str:
    return _render("admin/console.html", unit, office, desk, "panel", "work", "lists")


@blueprint.get("/console/<office>/<desk>/panel")
@access("can:desk.attend")
@reads
def panel(unit: Unit, office: str, desk: str) -> str:
    """The person at the desk and what can be done now."""
    return _render("admin/_panel.html", unit, office, desk, "panel")


@blueprint.get("/console/<office>/<desk>/work")
@access("can:desk.attend")
@reads
def work(unit: Unit, office: str, desk: str) -> str:
    """What is written down about the person; fetched for a new person only, for it is typed in."""
    return _render("admin/_work.html", unit, office, desk, "work")


@blueprint.get("/console/<office>/<desk>/queue")
@access("can:desk.attend")
@reads
def queue(unit: Unit, office: str, desk: str) -> str:
    """Who waits, who was set aside, and who was attended last."""
    return _render("admin/_queue.html", unit, office, desk, "lists")


def _render(template: str, unit: Unit, office: str, desk: str, *parts: str) -> str:
    found = place.find(unit, office, desk)
    gathered = {part: getattr(view_model, part)(found) for part in parts}
    return render_template(template, office=found.office, desk=found.desk, unit=unit, **gathered)
