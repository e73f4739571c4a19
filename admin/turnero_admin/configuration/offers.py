"""The services that an office gives, and what is different there."""

from typing import Any

from flask import Response, render_template, request, url_for

from turnero_admin.configuration import saving
from turnero_admin.configuration.blueprint import OFFICE, blueprint, looking, may_everywhere
from turnero_admin.configuration.fields import Line
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.links import link_words, offered
from turnero_admin.configuration.saving import OPENED, State
from turnero_core.i18n import pick
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing, retiring
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Tree

SERVICES = "/offices/<office>/services"


@blueprint.get(SERVICES)
@access(OFFICE)
def offers(office: str) -> str:
    return _page(office, OPENED)


@blueprint.post(SERVICES)
@access(OFFICE)
def save_offers(office: str) -> Response:
    path = ("offices", office, "services")
    save = editing.saving(Entry(path), _typed(), request.form.get("opened", ""))

    def edit(tree: Tree) -> None:
        save(tree)
        retiring.keep_to_offers(trees.find(tree, path[:2]))

    return saving.answer(
        edit,
        path,
        page=lambda state: _page(office, state),
        then=url_for("configuration.office", office=office),
    )


@looking
def _typed(unit: Unit) -> list[Any]:
    return offered(request.form, unit.catalogue.languages)


@looking
def _page(unit: Unit, office: str, state: State) -> str:
    place, tree = unit.office(office), editing.present(unit.session)
    stored = trees.find(tree, ("offices", office, "services")) or []
    value = offered(request.form, unit.catalogue.languages) if request.form else stored
    context = form_context(unit, state, {}, stored, ())
    if state.overtaken:
        context["differences"] = _differences(unit, state.stored or [], value)
    return render_template(
        "admin/configuration/offers.html",
        office=place,
        services=unit.catalogue.services,
        given_here={trees.code_of(entry): entry for entry in value},
        index={code: index for index, code in enumerate(trees.codes(value))},
        may_all=may_everywhere(unit),
        **context,
    )


def _differences(unit: Unit, stored: list[Any], typed: list[Any]) -> list[Line]:
    """Service by service: how it is given now, and how this form would have it."""
    names = {service.code: pick(service.name) for service in unit.catalogue.services}
    old, new = ({trees.code_of(entry): entry for entry in found} for found in (stored, typed))
    return [
        Line(
            names.get(str(code), str(code)),
            link_words(old[code], names) if code in old else "",
            link_words(new[code], names) if code in new else "",
        )
        for code in dict.fromkeys([*old, *new])
        if old.get(code) != new.get(code)
    ]
