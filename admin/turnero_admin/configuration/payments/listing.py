"""The lists about money: shown, and put in order."""

from typing import Any

from flask import Response, flash, redirect, render_template

from turnero_admin.configuration import ordering
from turnero_admin.configuration.fields import Plain
from turnero_admin.configuration.forms import missing
from turnero_admin.configuration.payments.kinds import KINDS, Kind
from turnero_admin.configuration.payments.routes import address, each
from turnero_admin.configuration.payments.shape import fields_of
from turnero_core.errors import Conflict
from turnero_core.i18n import gettext, pick
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.tree import Tree


@each("GET", "money_list")
@reads
def listing(unit: Unit, kind: str) -> str:
    known, tree = KINDS[kind], editing.present(unit.session)
    return render_template(
        "admin/configuration/payments/listing.html",
        kind=known,
        rows=[_row(unit, known, entry, tree) for entry in trees.find(tree, known.path)],
        opened=ordering.opened(tree, known.path),
        switcher=None,
    )


@each("POST", "order_money_list", "/order")
@changes
def order(unit: Unit, kind: str) -> Response:
    try:
        ordering.save(unit, KINDS[kind].path)
    except Conflict as problem:
        flash(gettext(problem.detail), "warn")
    target = address("money_list", kind, moved=ordering.moved())
    return redirect(target, 303)  # type: ignore[return-value]


def _row(unit: Unit, kind: Kind, entry: Plain, tree: Tree) -> dict[str, Any]:
    asked = fields_of(kind.groups(unit, tree, entry))
    return {
        "code": entry["code"],
        "name": pick(entry.get("name", {})) or entry["code"],
        "icon": None,
        "missing": missing(entry, asked, unit.catalogue.languages),
        "facts": kind.facts(entry, tree),
    }
