"""The providers: whose account, which files hold its secrets, and what stands at which kiosk."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request, url_for

from turnero_admin.configuration import saving, secrets
from turnero_admin.configuration.blueprint import ADMINISTRATOR, blueprint, looking
from turnero_admin.configuration.fields import Plain
from turnero_admin.configuration.payments import shape
from turnero_admin.configuration.payments.names import PROVIDERS
from turnero_admin.configuration.payments.provider_fields import BY_KIOSK, groups
from turnero_admin.configuration.saving import OPENED, State
from turnero_admin.configuration.secrets import Secret
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url, runtime
from turnero_queue.api.edge import Unit
from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees
from turnero_queue.configuration.editing import Entry
from turnero_queue.configuration.tree import Path, Tree
from turnero_queue.payments.mercadopago import API
from turnero_queue.payments.registry import SIMULATED_ADDRESS, secret_names
from turnero_queue.payments.settings import SIMULATED

PATH = "/payments/providers/<provider>"
HOOK = "/api/v1/webhooks/payments/mercadopago"
LEAVING = N_(
    "No payment is begun with it any more. Those that have begun cannot be asked about, nor given "
    "back, until it is set up again: look first whether any waits for its answer."
)


@blueprint.get(PATH, endpoint="provider")
@access(ADMINISTRATOR)
def show(provider: str) -> str:
    return _page(provider, OPENED)


@blueprint.post(PATH, endpoint="save_provider")
@access(ADMINISTRATOR)
def save(provider: str) -> Response:
    path, opened = _path(provider), request.form.get("opened", "")
    typed, roots = _typed(provider)

    def edit(tree: Tree) -> None:
        stored = trees.find(tree, path)
        editing.check_opened(stored, opened)
        # What this page does not ask for stays as it is.
        others = {key: value for key, value in (stored or {}).items() if key not in roots}
        trees.put(tree, path, {**others, **typed})

    return saving.answer(
        edit,
        path,
        page=lambda state: _page(provider, state),
        then=url_for("configuration.payments"),
    )


@blueprint.get(f"{PATH}/retire", endpoint="leaving_provider")
@access(ADMINISTRATOR)
def leaving(provider: str) -> str:
    return _retire_page(provider, OPENED)


@blueprint.post(f"{PATH}/retire", endpoint="retire_provider")
@access(ADMINISTRATOR)
def retire(provider: str) -> Response:
    return saving.retire(
        Entry(_path(provider)),
        page=lambda state: _retire_page(provider, state),
        then=url_for("configuration.payments"),
    )


def _path(provider: str) -> Path:
    if provider not in PROVIDERS:
        raise NotFound(N_("There is no such provider."))
    return ("municipality", "payments", "providers", provider)


@looking
def _typed(unit: Unit, provider: str) -> tuple[Plain, set[str]]:
    """What is filled in, and the keys that the form asks for."""
    asked = shape.fields_of(groups(unit, provider, _stored(unit, provider)))
    roots = {field.name.partition(".")[0] for field in asked} | set(BY_KIOSK)
    return shape.nested(asked, shape.read(request.form, asked, ())), roots


def _stored(unit: Unit, provider: str) -> Any:
    return trees.find(editing.present(unit.session), _path(provider))


@looking
def _page(unit: Unit, provider: str, state: State) -> str:
    stored = _stored(unit, provider)
    every = groups(unit, provider, stored)
    typed = shape.read(request.form, shape.fields_of(every), ()) if request.form else None
    shown = shape.context(unit, state, every, typed, stored, {})
    is_running = provider != SIMULATED or simulator_runs()
    return render_template(
        "admin/configuration/payments/form.html",
        heading=gettext(PROVIDERS[provider]),
        back=url_for("configuration.payments"),
        back_to=gettext(N_("Payments")),
        provider=provider,
        leave=url_for("configuration.leaving_provider", provider=provider)
        if stored is not None
        else "",
        is_running=is_running,
        new=stored is None,
        hook="" if provider == SIMULATED else f"{base_url()}{HOOK}",
        files=states(provider, shown["value"]) if is_running else {},
        usual={"api": API, **secret_names(provider, {})},
        **shown,
    )


@looking
def _retire_page(unit: Unit, provider: str, state: State) -> str:
    stored = editing.in_use(_stored(unit, provider))
    return render_template(
        "admin/configuration/retire.html",
        title=gettext(PROVIDERS[provider]),
        leaving=LEAVING,
        action=url_for("configuration.retire_provider", provider=provider),
        back=url_for("configuration.provider", provider=provider),
        used=[],
        **shape.context(unit, state, (), {}, stored, {}),
    )


def states(provider: str, value: Mapping[str, Any]) -> dict[str, Secret]:
    """How it stands with the provider's secrets, by the field that names their file."""
    found = {key: secrets.looked_at(name) for key, name in secret_names(provider, value).items()}
    return {key: said for key, said in found.items() if said is not None}


def simulator_runs() -> bool:
    """Whether the simulated provider has said where it listens."""
    return (runtime().settings.instance / SIMULATED_ADDRESS).is_file()
