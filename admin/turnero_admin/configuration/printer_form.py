"""The form of one printer: its choices read, shown, and compared with what is saved."""

from flask import render_template, request

from turnero_admin.configuration import fields, printer_address
from turnero_admin.configuration import printer_fields as asked_of
from turnero_admin.configuration.blueprint import looking
from turnero_admin.configuration.fields import Plain
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.saving import State
from turnero_core.errors import Invalid
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Path, Tree

ASKED = ("name", "uri", "profile")
# What a new one is until something else is chosen.
NEW = "tcp://a"
HEAD = (asked_of.CODE, asked_of.NAME_FIELD, asked_of.PROFILE)


def path_of(office: str, code: str) -> Path:
    return ("offices", office, "printers", code)


def typed(stored: str) -> Plain:
    """What the form says, its choices made an address; Invalid where they cannot be."""
    found = fields.read(request.form, (asked_of.NAME_FIELD, asked_of.PROFILE), ())
    return {**found, "uri": printer_address.made(_parts(), stored)}


def _parts() -> dict[str, str]:
    """The choices of the way that is chosen; each way has fields of its own in the form."""
    way = request.form.get("way", "")
    names = [field.name for field in asked_of.OF_WAY.get(way, ())]
    found = {name: request.form.get(f"{way}.{name}", "").strip() for name in names}
    if way in asked_of.ASKED:
        found["status"] = request.form.get(f"{way}.status", "")
    return {"way": way, **found}


@looking
def page(unit: Unit, office: str, code: str | None, state: State) -> str:
    place = unit.office(office)
    stored: Plain = {}
    if code:
        stored = Entry(path_of(office, code), ASKED).of(present(unit, office, code))
    written = printer_address.taken_apart(stored["uri"] if stored else NEW)
    if request.form:
        value, parts = fields.read(request.form, HEAD, ()), _parts()
    else:
        value = {"name": code or "", "profile": "80mm", **stored}
        parts = written if stored else {**written, "host": ""}
    context = form_context(unit, state, value, stored or None, ())
    if state.overtaken:
        context["differences"] = _differences(state.stored or {}, value)
    kept = written["way"] == printer_address.OTHER
    return render_template(
        "admin/configuration/printer.html",
        office=place,
        code=code,
        head=HEAD[1:] if code else HEAD,
        ways=[*asked_of.WAYS, *([asked_of.KEPT] if kept else [])],
        of_way=asked_of.OF_WAY,
        asked=asked_of.ASKED,
        status=asked_of.STATUS,
        usual=printer_address.USUAL,
        parts=parts,
        kept=stored["uri"] if kept else "",
        **context,
    )


def _differences(stored: Plain, value: Plain) -> list[fields.Line]:
    """What is saved now and what was written, each place in words."""
    try:
        uri = printer_address.made(_parts(), stored.get("uri", ""))
    except Invalid:
        uri = ""
    told = [
        {**each, "uri": printer_address.words(each["uri"])}
        for each in (stored, {**value, "uri": uri})
    ]
    return fields.compare(asked_of.TOLD, *told)


def present(unit: Unit, office: str, code: str) -> Tree:
    tree = editing.present(unit.session)
    editing.in_use(trees.find(tree, path_of(office, code)))
    return tree
