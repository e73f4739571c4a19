"""Lists of what offices share: searched, and put in order."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from turnero_admin.configuration import ordering
from turnero_admin.configuration.blueprint import CITY, blueprint
from turnero_admin.configuration.fields import Plain
from turnero_admin.configuration.forms import missing
from turnero_admin.configuration.kinds import KINDS, Kind
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.configuration import editing


@blueprint.get("/services", defaults={"kind": "services"}, endpoint="listing")
@blueprint.get("/categories", defaults={"kind": "categories"}, endpoint="listing")
@blueprint.get("/priorities", defaults={"kind": "priorities"}, endpoint="listing")
@access(CITY)
@reads
def listing(unit: Unit, kind: str) -> str:
    known, tree = KINDS[kind], editing.present(unit.session)
    asked = request.args.get("q", "").strip().lower()
    found = [entry for entry in tree[kind] if asked in _searched(entry)]
    return render_template(
        "admin/configuration/listing.html",
        kind=known,
        rows=[_row(unit, known, entry, tree) for entry in found],
        asked=asked,
        total=len(tree[kind]),
        opened=ordering.opened(tree, (kind,)),
        switcher=None,
    )


@blueprint.post("/services/order", defaults={"kind": "services"}, endpoint="order")
@blueprint.post("/categories/order", defaults={"kind": "categories"}, endpoint="order")
@blueprint.post("/priorities/order", defaults={"kind": "priorities"}, endpoint="order")
@access(CITY)
@changes
def order(unit: Unit, kind: str) -> Response:
    try:
        ordering.save(unit, (kind,))
    except Conflict as problem:
        flash(gettext(problem.detail), "warn")
    return redirect(url_for("configuration.listing", kind=kind, moved=ordering.moved()), 303)  # type: ignore[return-value]


def _searched(entry: Plain) -> str:
    texts = [entry["code"], *entry["name"].values(), entry.get("prefix", "")]
    return " ".join(texts).lower()


def _row(unit: Unit, kind: Kind, entry: Plain, tree: Plain) -> dict[str, Any]:
    return {
        "code": entry["code"],
        "name": pick(entry["name"]),
        "icon": entry.get("icon"),
        "missing": missing(entry, kind.fields, unit.catalogue.languages),
        "facts": list(_facts(entry, tree)),
    }


def _facts(entry: Plain, tree: Plain) -> list[str]:
    """What tells one entry from the next, in a few words."""
    found = []
    if "prefix" in entry:
        found.append(entry["prefix"])
        category = {each["code"]: each for each in tree["categories"]}.get(entry.get("category"))
        if category:
            found.append(pick(category["name"]))
        minutes = entry.get("duration_minutes", 0)
        found.append(gettext(N_("%(minutes)s min"), minutes=minutes))
        if fee := entry.get("fee"):
            found.append(f"{tree['municipality']['currency']} {fee}")
    if "head_start_minutes" in entry:
        found.append(gettext(N_("%(minutes)s min earlier"), minutes=entry["head_start_minutes"]))
    return found
