"""The offices: listed, put in order, made, looked at, retired."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from turnero_admin.configuration import checklist, codes, fields, ordering, saving
from turnero_admin.configuration.blueprint import CITY, OFFICE, blueprint, looking, may_everywhere
from turnero_admin.configuration.forms import form_context, missing
from turnero_admin.configuration.kinds import NAME
from turnero_admin.configuration.office_fields import GENERAL, NEW_OFFICE
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_queue import models, opening
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.configuration import editing, known
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Tree
from turnero_queue.permissions import Permission

PATH = ("offices",)
LEAVING = N_(
    "Nobody can take a turn or book there any more. What happened there stays in the statistics."
)


@blueprint.get("/offices", endpoint="offices")
@access(OFFICE)
@reads
def listing(unit: Unit) -> str:
    tree = editing.present(unit.session)
    asked = request.args.get("q", "").strip().lower()
    mine = unit.offices_with(Permission.OFFICE_CONFIGURE)
    found = [office for office in mine if asked in f"{office.code} {office.name}".lower()]
    return render_template(
        "admin/configuration/offices.html",
        rows=[_row(unit, office, tree) for office in found],
        asked=asked,
        total=len(mine),
        may_all=may_everywhere(unit),
        opened=ordering.opened(tree, PATH),
        switcher=None,
    )


@blueprint.post("/offices/-/order")
@access(CITY)
@changes
def order_offices(unit: Unit) -> Response:
    try:
        ordering.save(unit, PATH)
    except Conflict as problem:
        flash(gettext(problem.detail), "warn")
    return redirect(url_for("configuration.offices", moved=ordering.moved()), 303)  # type: ignore[return-value]


@blueprint.get("/offices/-/new")
@access(CITY)
def new_office() -> str:
    return _new_page(OPENED)


@blueprint.post("/offices/-/new")
@access(CITY)
def create_office() -> Response:
    value = _typed_new()
    entry = Entry(("offices", value["code"]))
    return saving.answer(
        editing.saving(entry, value, trees.fingerprint(None)),
        entry.path,
        page=_new_page,
        then=url_for("configuration.office", office=value["code"]),
        told=N_("The office is made. Go through what it needs, from top to bottom."),
    )


@blueprint.get("/offices/<office>", endpoint="office")
@access(OFFICE)
@reads
def office_hub(unit: Unit, office: str) -> str:
    place = unit.office(office)
    return render_template(
        "admin/configuration/office.html",
        office=place,
        steps=checklist.steps(unit, place),
        may_all=may_everywhere(unit),
        unattended=checklist.unattended(place),
        kiosk=url_for("kiosk.start", office=office, _external=True),
        hall=url_for("displays.hall", office=office, _external=True),
    )


@blueprint.get("/offices/<office>/general")
@access(OFFICE)
def general(office: str) -> str:
    return _general_page(office, OPENED)


@blueprint.post("/offices/<office>/general")
@access(OFFICE)
def save_general(office: str) -> Response:
    entry = Entry(("offices", office), tuple(field.name for field in GENERAL))
    typed = fields.read(request.form, GENERAL, _languages())
    return saving.answer(
        editing.saving(entry, typed, request.form.get("opened", "")),
        entry.path,
        page=lambda state: _general_page(office, state),
        then=url_for("configuration.office", office=office),
    )


@blueprint.get("/offices/<office>/retire")
@access(CITY)
def leaving_office(office: str) -> str:
    return _retire_page(office, OPENED)


@blueprint.post("/offices/<office>/retire")
@access(CITY)
def retire_office(office: str) -> Response:
    return saving.retire(
        Entry(("offices", office), ("code", "name")),
        page=lambda state: _retire_page(office, state),
        then=url_for("configuration.offices"),
    )


@looking
def _languages(unit: Unit) -> tuple[str, ...]:
    return unit.catalogue.languages


@looking
def _typed_new(unit: Unit) -> dict[str, Any]:
    typed = fields.read(request.form, NEW_OFFICE, unit.catalogue.languages)
    taken = set(unit.session.scalars(select(models.Office.code)))
    code = typed.get("code") or codes.made_of(typed.get("name", {}), taken, "office")
    return {"hours": {}, "desks": [], "services": [], **typed, "code": code}


@looking
def _new_page(unit: Unit, state: State) -> str:
    value = fields.read(request.form, NEW_OFFICE, unit.catalogue.languages) if request.form else {}
    return render_template(
        "admin/configuration/office_new.html",
        fields=NEW_OFFICE,
        **form_context(unit, state, value, None, NEW_OFFICE),
    )


@looking
def _general_page(unit: Unit, office: str, state: State) -> str:
    place = unit.office(office)
    entry = Entry(("offices", office), tuple(field.name for field in GENERAL))
    stored = entry.of(editing.present(unit.session))
    typed = fields.read(request.form, GENERAL, unit.catalogue.languages) if request.form else None
    return render_template(
        "admin/configuration/office_general.html",
        office=place,
        fields=GENERAL,
        zone=unit.catalogue.timezone,
        zones=sorted(known.timezones()),
        **form_context(unit, state, stored if typed is None else typed, stored, GENERAL),
    )


@looking
def _retire_page(unit: Unit, office: str, state: State) -> str:
    place = unit.office(office)
    stored = Entry(("offices", office), ("code", "name")).of(editing.present(unit.session))
    return render_template(
        "admin/configuration/retire.html",
        title=pick(place.name),
        leaving=LEAVING,
        action=url_for("configuration.retire_office", office=office),
        back=url_for("configuration.office", office=office),
        used=[],
        **form_context(unit, state, {}, stored, ()),
    )


def _row(unit: Unit, office: Any, tree: Tree) -> dict[str, Any]:
    entry = trees.find(tree, ("offices", office.code)) or {}
    return {
        "code": office.code,
        "name": pick(office.name),
        "address": office.address,
        "desks": len(office.desks),
        "services": len(office.services),
        "open": opening.open_span(office, unit.now) is not None,
        "missing": missing(
            entry, (fields.Field("name", "", "names", longest=NAME),), unit.catalogue.languages
        ),
        "todo": [step for step in checklist.steps(unit, office) if step.needed and not step.done],
    }
