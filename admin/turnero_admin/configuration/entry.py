"""One service, category or priority: made, changed, taken out of use."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request, url_for
from sqlalchemy import select

from turnero_admin.configuration import codes, fields, kinds, saving
from turnero_admin.configuration.blueprint import CITY, blueprint, looking
from turnero_admin.configuration.fields import Plain
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.kinds import KINDS
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.i18n import gettext, pick
from turnero_core.web.access import access
from turnero_queue import models
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Tree

CODES = {
    "services": models.Service.code,
    "categories": models.ServiceCategory.code,
    "priorities": models.Priority.code,
}


@blueprint.get("/services/new", defaults={"kind": "services"}, endpoint="new")
@blueprint.get("/categories/new", defaults={"kind": "categories"}, endpoint="new")
@blueprint.get("/priorities/new", defaults={"kind": "priorities"}, endpoint="new")
@access(CITY)
def new(kind: str) -> str:
    return _page(kind, None, OPENED)


@blueprint.get("/services/edit/<code>", defaults={"kind": "services"}, endpoint="edit")
@blueprint.get("/categories/edit/<code>", defaults={"kind": "categories"}, endpoint="edit")
@blueprint.get("/priorities/edit/<code>", defaults={"kind": "priorities"}, endpoint="edit")
@access(CITY)
def edit(kind: str, code: str) -> str:
    return _page(kind, code, OPENED)


@blueprint.post("/services/new", defaults={"kind": "services"}, endpoint="create")
@blueprint.post("/categories/new", defaults={"kind": "categories"}, endpoint="create")
@blueprint.post("/priorities/new", defaults={"kind": "priorities"}, endpoint="create")
@access(CITY)
def create(kind: str) -> Response:
    typed, code = _typed_new(kind)
    entry = Entry((kind, code))
    return saving.answer(
        editing.saving(entry, {"code": code, **typed}, trees.fingerprint(None)),
        entry.path,
        page=lambda state: _page(kind, None, state),
        then=request.args.get("then") or url_for("configuration.listing", kind=kind),
    )


@blueprint.post("/services/edit/<code>", defaults={"kind": "services"}, endpoint="change")
@blueprint.post("/categories/edit/<code>", defaults={"kind": "categories"}, endpoint="change")
@blueprint.post("/priorities/edit/<code>", defaults={"kind": "priorities"}, endpoint="change")
@access(CITY)
def change(kind: str, code: str) -> Response:
    entry = _entry(kind, code)
    return saving.answer(
        editing.saving(entry, _typed(kind), request.form.get("opened", "")),
        entry.path,
        page=lambda state: _page(kind, code, state),
        then=url_for("configuration.listing", kind=kind),
    )


@blueprint.get("/services/retire/<code>", defaults={"kind": "services"}, endpoint="leaving")
@blueprint.get("/categories/retire/<code>", defaults={"kind": "categories"}, endpoint="leaving")
@blueprint.get("/priorities/retire/<code>", defaults={"kind": "priorities"}, endpoint="leaving")
@access(CITY)
def leaving(kind: str, code: str) -> str:
    return _retire_page(kind, code, OPENED)


@blueprint.post("/services/retire/<code>", defaults={"kind": "services"}, endpoint="retire")
@blueprint.post("/categories/retire/<code>", defaults={"kind": "categories"}, endpoint="retire")
@blueprint.post("/priorities/retire/<code>", defaults={"kind": "priorities"}, endpoint="retire")
@access(CITY)
def retire(kind: str, code: str) -> Response:
    return saving.retire(
        Entry((kind, code)),
        page=lambda state: _retire_page(kind, code, state),
        then=url_for("configuration.listing", kind=kind),
    )


@looking
def _typed_new(unit: Unit, kind: str) -> tuple[Plain, str]:
    typed = fields.read(request.form, _groups_fields(unit, kind), unit.catalogue.languages)
    taken = set(unit.session.scalars(select(CODES[kind])))
    return typed, codes.made_of(typed.get("name", {}), taken, kind)


@looking
def _typed(unit: Unit, kind: str) -> Plain:
    return fields.read(request.form, _groups_fields(unit, kind), unit.catalogue.languages)


def _entry(kind: str, code: str) -> Entry:
    """What the form asks for; anything else that is configured stays as it is."""
    return Entry((kind, code), tuple(field.name for field in KINDS[kind].fields))


def _groups_fields(unit: Unit, kind: str) -> tuple[fields.Field, ...]:
    groups = kinds.completed(KINDS[kind].groups, (), unit.catalogue.currency)
    return tuple(field for group in groups for field in group.fields)


@looking
def _page(unit: Unit, kind: str, code: str | None, state: State) -> str:
    known, tree = KINDS[kind], editing.present(unit.session)
    stored = editing.in_use(_entry(kind, code).of(tree)) if code else None
    categories = tuple((each["code"], pick(each["name"])) for each in tree["categories"])
    groups = kinds.completed(known.groups, categories, tree["municipality"]["currency"])
    every = tuple(field for group in groups for field in group.fields)
    if request.form:
        value = fields.read(request.form, every, unit.catalogue.languages)
    else:
        value = dict(stored or kinds.NEW[kind])
    return render_template(
        "admin/configuration/entry.html",
        kind=known,
        code=code,
        heading=pick(stored["name"]) if stored else gettext(known.new),
        groups=groups,
        **form_context(unit, state, value, stored, every),
    )


@looking
def _retire_page(unit: Unit, kind: str, code: str, state: State) -> str:
    tree = editing.present(unit.session)
    stored = editing.in_use(trees.find(tree, (kind, code)))
    return render_template(
        "admin/configuration/retire.html",
        title=pick(stored["name"]),
        leaving=KINDS[kind].leaving,
        action=url_for("configuration.retire", kind=kind, code=code),
        back=url_for("configuration.edit", kind=kind, code=code),
        used=_used(tree, kind, code),
        **form_context(unit, state, {}, stored, ()),
    )


def _used(tree: Tree, kind: str, code: str) -> list[str]:
    """Where it is used now, in words."""
    if kind == "categories":
        return [pick(each["name"]) for each in tree["services"] if each.get("category") == code]
    if kind == "services":
        return [pick(each["name"]) for each in tree["offices"] if _gives(each, code)]
    return []


def _gives(office: Mapping[str, Any], code: str) -> bool:
    return code in trees.codes(office.get("services", ()))
