"""The rules: those of the municipality, and where an office differs from them."""

from flask import Response, render_template, request, url_for

from turnero_admin.configuration import fields, readers, rule_fields, saving
from turnero_admin.configuration.blueprint import CITY, OFFICE, blueprint, looking
from turnero_admin.configuration.fields import Field, Form, Plain
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.i18n import pick
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Path, Tree


@blueprint.get("/rules", endpoint="rules")
@access(CITY)
def of_the_city() -> str:
    return _page(None, OPENED)


@blueprint.post("/rules", endpoint="save_rules")
@access(CITY)
def save_city() -> Response:
    return _save(None, url_for("configuration.index"))


@blueprint.get("/offices/<office>/rules")
@access(OFFICE)
def office_rules(office: str) -> str:
    return _page(office, OPENED)


@blueprint.post("/offices/<office>/rules")
@access(OFFICE)
def save_office_rules(office: str) -> Response:
    return _save(office, url_for("configuration.office", office=office))


def _save(office: str | None, then: str) -> Response:
    entry = Entry(_path(office))
    asked = rule_fields.all_of(shared=office is None)
    typed = typed_rules(request.form, asked)
    opened = request.form.get("opened", "")

    def edit(tree: Tree) -> None:
        stored = trees.find(tree, entry.path) or {}
        editing.check_opened(stored, opened)
        # What this page does not ask for stays as it is, and so does a text that says nobody.
        names = {rule.name for rule in asked}
        kept = {name: value for name, value in stored.items() if name not in names or value == ""}
        entry.put(tree, {**kept, **typed} or None)

    return saving.answer(edit, entry.path, page=lambda state: _page(office, state), then=then)


def typed_rules(form: Form, asked: tuple[Field, ...]) -> Plain:
    """What is filled in; a rule left empty is as if it were not written."""
    read = fields.read(form, asked, ())
    return {
        # A yes or no is a number in the file, too.
        name: readers.number(value) if _is_number(name) and isinstance(value, str) else value
        for name, value in read.items()
    }


def _is_number(name: str) -> bool:
    return isinstance(rule_fields.defaults().get(name), int)


def _path(office: str | None) -> Path:
    return ("municipality", "rules") if office is None else ("offices", office, "rules")


@looking
def _page(unit: Unit, office: str | None, state: State) -> str:
    tree = editing.present(unit.session)
    place = unit.office(office) if office else None
    asked = rule_fields.all_of(shared=office is None)
    stored = trees.find(tree, _path(office)) or {}
    if state.overtaken and state.stored is None:
        state = saving.with_stored(state, {})
    city = tree["municipality"].get("rules", {}) if office else {}
    return render_template(
        "admin/configuration/rules.html",
        office=place,
        name=pick(place.name) if place else "",
        groups=list(rule_fields.groups(shared=office is None)),
        otherwise={**rule_fields.defaults(), **city},
        **form_context(
            unit, state, typed_rules(request.form, asked) if request.form else stored, stored, asked
        ),
    )
