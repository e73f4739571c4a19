"""One point of sale, system of debts or certificate: made, changed, taken out of use."""

from typing import Any

from flask import Response, render_template, request, url_for

from turnero_admin.configuration import codes, saving
from turnero_admin.configuration.blueprint import looking
from turnero_admin.configuration.fields import Plain
from turnero_admin.configuration.payments import (
    headers,
    shape,
    standing,
)
from turnero_admin.configuration.payments.kinds import KINDS, Kind
from turnero_admin.configuration.payments.names import TYPES
from turnero_admin.configuration.payments.routes import address, each
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.i18n import gettext, pick
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Tree


@each("GET", "new_money", "/new")
def new(kind: str) -> str:
    return _page(kind, None, OPENED)


@each("GET", "edit_money", "/edit/<code>")
def edit(kind: str, code: str) -> str:
    return _page(kind, code, OPENED)


@each("POST", "create_money", "/new")
def create(kind: str) -> Response:
    value, code = _typed_new(kind)
    return _save(kind, None, {"code": code, **value}, trees.fingerprint(None))


@each("POST", "change_money", "/edit/<code>")
def change(kind: str, code: str) -> Response:
    value = {"code": code, **_typed(kind, code)}
    return _save(kind, code, value, request.form.get("opened", ""))


@each("GET", "leaving_money", "/retire/<code>")
def leaving(kind: str, code: str) -> str:
    return _retire_page(kind, code, OPENED)


@each("POST", "retire_money", "/retire/<code>")
def retire(kind: str, code: str) -> Response:
    standing_open = _in_use(kind, code)
    return saving.retire(
        Entry((*KINDS[kind].path, code)),
        page=lambda state: _retire_page(kind, code, state),
        then=address("money_list", kind),
        check=lambda: standing.refuse(standing_open),
    )


def _save(kind: str, code: str | None, value: Plain, opened: str) -> Response:
    entry = Entry((*KINDS[kind].path, value["code"]))
    standing_open = _in_use(kind, code) if code else False

    def edit(tree: Tree) -> None:
        headers.check(headers.read(request.form))
        stored = entry.of(tree)
        if stored and stored.get("office") != value.get("office"):
            standing.refuse(standing_open)
        editing.saving(entry, value, opened)(tree)

    then = address("money_list", kind)
    if kind == "connectors":
        then = url_for("configuration.try_connector", code=value["code"])
    return saving.answer(edit, entry.path, page=lambda state: _page(kind, code, state), then=then)


@looking
def _in_use(unit: Unit, kind: str, code: str) -> bool:
    return kind == "points-of-sale" and standing.is_open(unit, code)


@looking
def _typed_new(unit: Unit, kind: str) -> tuple[Plain, str]:
    known, tree = KINDS[kind], editing.present(unit.session)
    value = _read(unit, known, tree, None)
    return value, codes.made_of(value.get("name") or {}, known.taken(unit, tree), known.key[:-1])


@looking
def _typed(unit: Unit, kind: str, code: str) -> Plain:
    known, tree = KINDS[kind], editing.present(unit.session)
    return _read(unit, known, tree, trees.find(tree, (*known.path, code)))


def _read(unit: Unit, kind: Kind, tree: Tree, stored: Any) -> Plain:
    """What is filled in, as the configuration would say it."""
    asked = shape.fields_of(kind.groups(unit, tree, _with_type(kind, stored or {})))
    typed = shape.read(request.form, asked, shape.tongues(unit, stored))
    value = shape.kept(shape.nested(asked, typed), kind.usual, stored)
    # Without a name there would be nothing to call it by, which the file may leave out.
    return {"type": _type(stored), "name": None, **value} if kind.key == "connectors" else value


def _type(stored: Any) -> str:
    """The type of connector that is asked for, or that it has; empty before one is chosen."""
    chosen: str = request.values.get("type") or (stored or {}).get("type", "")
    return chosen if chosen in TYPES else ""


def _with_type(kind: Kind, value: Any) -> Plain:
    return {**value, "type": _type(value)} if kind.key == "connectors" else dict(value)


@looking
def _page(unit: Unit, kind: str, code: str | None, state: State) -> str:
    known, tree = KINDS[kind], editing.present(unit.session)
    stored = _stored(tree, known, code) if code else None
    began = _with_type(known, stored or {})
    if known.key == "connectors" and not began["type"]:
        return render_template(
            "admin/configuration/payments/types.html", types=TYPES, switcher=None
        )
    groups = known.groups(unit, tree, began)
    asked = shape.fields_of(groups)
    typed = None
    if request.form:
        typed = shape.read(request.form, asked, shape.tongues(unit, stored))
    elif began != (stored or {}):
        # Another type was chosen: what both have stays.
        typed = {**known.usual, **shape.flat(asked, began)}
    shown = shape.context(unit, state, groups, typed, stored, known.usual)
    return render_template(
        "admin/configuration/payments/form.html",
        kind=known,
        code=code,
        type=began.get("type", ""),
        types=TYPES,
        heading=_name(stored) if stored else gettext(known.new),
        back=address("money_list", kind),
        back_to=gettext(known.many),
        leave=address("leaving_money", kind, code=code) if code else "",
        files=standing.files_of(shown["value"]),
        usual=standing.USUAL,
        **shown,
    )


@looking
def _retire_page(unit: Unit, kind: str, code: str, state: State) -> str:
    known, tree = KINDS[kind], editing.present(unit.session)
    stored = _stored(tree, known, code)
    return render_template(
        "admin/configuration/retire.html",
        title=_name(stored),
        leaving=known.leaving,
        action=address("retire_money", kind, code=code),
        back=address("edit_money", kind, code=code),
        used=standing.used(unit, tree, known.key, code),
        **shape.context(unit, state, (), {}, stored, {}),
    )


def _stored(tree: Tree, kind: Kind, code: str) -> Any:
    return editing.in_use(trees.find(tree, (*kind.path, code)))


def _name(entry: Plain) -> str:
    return pick(entry.get("name", {})) or str(entry["code"])
