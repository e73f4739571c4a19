"""An office's desks, what each attends, and the services that the office gives."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from turnero_admin.configuration import fields, ordering, saving
from turnero_admin.configuration.blueprint import OFFICE, blueprint, looking
from turnero_admin.configuration.fields import Plain
from turnero_admin.configuration.forms import form_context, missing
from turnero_admin.configuration.links import attended, attends_words, lines_of
from turnero_admin.configuration.office_fields import DESK
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext, pick, speaking
from turnero_core.web.access import access
from turnero_queue import desks as at_work
from turnero_queue import models
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Tree

ASKED = ("name", "services")
DESKS = "/offices/<office>/desks"
LEAVING = N_("Nobody is called to it any more. What was attended there stays in the statistics.")
NAMED = N_("Desk %(code)s")


@blueprint.get(DESKS, endpoint="desks")
@access(OFFICE)
@reads
def listing(unit: Unit, office: str) -> str:
    place, tree = unit.office(office), editing.present(unit.session)
    path = ("offices", office, "desks")
    statuses = at_work.statuses(unit.session, place)
    names = {service.id: pick(service.name) for service in place.services}
    return render_template(
        "admin/configuration/desks.html",
        office=place,
        rows=[
            {
                "code": desk.code,
                "name": pick(desk.name),
                "attends": attends_words(desk, names),
                "status": statuses.get(desk.id, "closed"),
                "missing": missing(
                    trees.find(tree, (*path, desk.code)) or {}, DESK, unit.catalogue.languages
                ),
            }
            for desk in place.desks
        ],
        opened=ordering.opened(tree, path),
    )


@blueprint.post(f"{DESKS}/order")
@access(OFFICE)
@changes
def order_desks(unit: Unit, office: str) -> Response:
    unit.office(office)
    try:
        ordering.save(unit, ("offices", office, "desks"))
    except Conflict as problem:
        flash(gettext(problem.detail), "warn")
    target = url_for("configuration.desks", office=office, moved=ordering.moved())
    return redirect(target, 303)  # type: ignore[return-value]


@blueprint.get(f"{DESKS}/new")
@access(OFFICE)
def new_desk(office: str) -> str:
    return _page(office, None, OPENED)


@blueprint.get(f"{DESKS}/edit/<code>")
@access(OFFICE)
def edit_desk(office: str, code: str) -> str:
    return _page(office, code, OPENED)


@blueprint.post(f"{DESKS}/new")
@access(OFFICE)
def create_desk(office: str) -> Response:
    value = _typed()
    entry = Entry(("offices", office, "desks", value.get("code", "")))
    return saving.answer(
        _new_one(entry, value),
        entry.path,
        page=lambda state: _page(office, None, state),
        then=url_for("configuration.desks", office=office),
    )


@blueprint.post(f"{DESKS}/edit/<code>")
@access(OFFICE)
def change_desk(office: str, code: str) -> Response:
    entry = Entry(("offices", office, "desks", code), ASKED)
    return saving.answer(
        editing.saving(entry, _typed(), request.form.get("opened", "")),
        entry.path,
        page=lambda state: _page(office, code, state),
        then=url_for("configuration.desks", office=office),
    )


@blueprint.get(f"{DESKS}/retire/<code>")
@access(OFFICE)
def leaving_desk(office: str, code: str) -> str:
    return _retire_page(office, code, OPENED)


@blueprint.post(f"{DESKS}/retire/<code>")
@access(OFFICE)
def retire_desk(office: str, code: str) -> Response:
    return saving.retire(
        Entry(("offices", office, "desks", code)),
        page=lambda state: _retire_page(office, code, state),
        then=url_for("configuration.desks", office=office),
    )


def _new_one(entry: Entry, value: Plain) -> saving.Edit:
    """An edit that adds a desk; one with that code already is not overwritten, but said."""

    def edit(tree: Tree) -> None:
        if not value.get("code"):
            entries = trees.find(tree, entry.path[:-1])
            if entries is not None:
                entries.append(value)
        elif entry.of(tree) is not None:
            raise Conflict(
                N_("There is a desk %(code)s already. Give this one another number."),
                code=value["code"],
            )
        else:
            entry.put(tree, value)

    return edit


@looking
def _typed(unit: Unit) -> Plain:
    value = fields.read(request.form, DESK, unit.catalogue.languages)
    return {**value, "services": attended(request.form)}


@looking
def _page(unit: Unit, office: str, code: str | None, state: State) -> str:
    place, tree = unit.office(office), editing.present(unit.session)
    stored = None
    if code:
        _stored(tree, office, code)
        stored = Entry(("offices", office, "desks", code), ASKED).of(tree)
    if request.form:
        value = fields.read(request.form, DESK, unit.catalogue.languages)
        value["services"] = attended(request.form)
    else:
        value = dict(stored or _proposed(unit, place))
    context = form_context(unit, state, value, stored, DESK[1:])
    if state.overtaken:
        context["differences"] = lines_of(place, DESK[1:], state.stored or {}, value)
    return render_template(
        "admin/configuration/desk.html",
        office=place,
        code=code,
        fields=DESK,
        attends={trees.code_of(link): link for link in value["services"]},
        **context,
    )


@looking
def _retire_page(unit: Unit, office: str, code: str, state: State) -> str:
    place = unit.office(office)
    stored = _stored(editing.present(unit.session), office, code)
    return render_template(
        "admin/configuration/retire.html",
        title=pick(stored["name"]),
        leaving=LEAVING,
        action=url_for("configuration.retire_desk", office=office, code=code),
        back=url_for("configuration.edit_desk", office=office, code=code),
        used=[],
        office=place,
        **form_context(unit, state, {}, stored, ()),
    )


def _stored(tree: Tree, office: str, code: str) -> Any:
    return editing.in_use(trees.find(tree, ("offices", office, "desks", code)))


def _proposed(unit: Unit, office: Office) -> Plain:
    """A new desk: the next number, and all that the office gives."""
    query = select(models.Desk.code).where(models.Desk.office_id == office.id)
    taken = set(unit.session.scalars(query))
    number = next(each for each in range(1, len(taken) + 2) if str(each) not in taken)
    names = {}
    for language in unit.catalogue.languages:
        with speaking(language):
            names[language] = gettext(NAMED, code=number)
    return {
        "code": str(number),
        "name": names,
        "services": [service.code for service in office.services],
    }
