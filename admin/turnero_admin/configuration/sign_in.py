"""How staff sign in: here, or at the city's own provider; nobody is locked out unasked."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from turnero_admin.configuration import saving, secrets
from turnero_admin.configuration import sign_in_fields as asked_of
from turnero_admin.configuration.blueprint import ADMINISTRATOR, blueprint, looking
from turnero_admin.configuration.fields import Plain, compare
from turnero_admin.configuration.forms import form_context
from turnero_admin.configuration.saving import OPENED, State
from turnero_admin.configuration.sign_in_risks import Risk, risks_of, tried
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url, runtime
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.tree import Tree
from turnero_queue.permissions import ROLE_NAMES

PATH = ("municipality", "sign_in")


@blueprint.get("/sign-in", endpoint="sign_in")
@access(ADMINISTRATOR)
def show() -> str:
    return _page(OPENED)


@blueprint.post("/sign-in", endpoint="save_sign_in")
@access(ADMINISTRATOR)
def save() -> Response:
    """Save it; where somebody could not sign in any more, that is said first."""
    typed, stored = _typed()
    found = risks_of(stored, typed or {})
    agreed = request.form.get("agreed_risks", "").split()
    if any(risk.kind not in agreed for risk in found):
        return make_response(_page(OPENED, found), 409)
    opened = request.form.get("opened", "")

    def edit(tree: Tree) -> None:
        editing.check_opened(trees.find(tree, PATH) or {}, opened)
        trees.put(tree, PATH, typed)

    return saving.answer(edit, PATH, page=_page, then=url_for("configuration.sign_in"))


@blueprint.post("/sign-in/test", endpoint="test_sign_in")
@access(ADMINISTRATOR)
def test() -> Response:
    """Ask the provider that is saved whether it is there."""
    _, stored = _typed()
    return make_response(_page(OPENED, said=tried(stored)))


@looking
def _typed(unit: Unit) -> tuple[Plain | None, Mapping[str, Any]]:
    """What the form says, and what is saved."""
    stored = trees.find(editing.present(unit.session), PATH) or {}
    languages = asked_of.spoken(unit.catalogue.languages)
    return asked_of.typed(request.form, stored, languages), stored


@looking
def _page(
    unit: Unit, state: State, risks: list[Risk] | None = None, said: Plain | None = None
) -> str:
    stored = trees.find(editing.present(unit.session), PATH) or {}
    if state.overtaken and state.stored is None:
        state = saving.with_stored(state, {})
    languages = asked_of.spoken(unit.catalogue.languages)
    shown = stored
    if request.form and said is None:
        shown = asked_of.typed(request.form, stored, languages) or {}
    context = form_context(unit, state, {**asked_of.USUAL, **asked_of.flat(shown)}, stored, ())
    if state.overtaken:
        before, after = asked_of.told(state.stored), asked_of.told(shown)
        context["differences"] = compare(asked_of.FIELDS, before, after)
    return render_template(
        "admin/configuration/sign_in.html",
        **{**context, "languages": languages},
        asked=asked_of,
        way=asked_of.PROVIDER if shown.get("provider") else asked_of.HERE,
        secret=secrets.looked_at(stored.get("provider", {}).get("client_secret_file")),
        roles=ROLE_NAMES,
        places=unit.catalogue.offices,
        addresses=[
            f"{base_url()}{url_for('admin.come_back')}",
            f"{base_url()}{url_for('admin.login')}",
        ],
        without_address=not runtime().settings.base_url,
        risks=risks or [],
        saved=bool(stored.get("provider")),
        said=said,
    )
