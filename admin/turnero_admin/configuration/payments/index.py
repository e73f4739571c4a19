"""Where everything about money is set up: what there is of it, and whether it can be used."""

from typing import Any

from flask import render_template

from turnero_admin.configuration.blueprint import CITY, blueprint
from turnero_admin.configuration.payments import providers
from turnero_admin.configuration.payments.kinds import KINDS
from turnero_admin.configuration.payments.names import METHODS, PROVIDERS
from turnero_core.i18n import N_, gettext, ngettext, pick
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.configuration import editing
from turnero_queue.payments import settings
from turnero_queue.payments.settings import SIMULATED
from turnero_queue.permissions import Permission


@blueprint.get("/payments", endpoint="payments")
@access(CITY)
@reads
def index(unit: Unit) -> str:
    stored = editing.present(unit.session)["municipality"]["payments"]
    grants = unit.caller.grants if unit.caller else None
    whole = grants is not None and grants.everywhere(Permission.CONFIGURATION_EDIT)
    return render_template(
        "admin/configuration/payments/index.html",
        methods=_methods(stored),
        providers=[_provider(code, stored["providers"].get(code)) for code in PROVIDERS if whole],
        lists=[
            (kind, _names(stored[kind.key])) for kind in KINDS.values() if whole or kind.who == CITY
        ],
        switcher=None,
    )


def _methods(stored: dict[str, Any]) -> str:
    """What is really offered: QR and cards need a provider."""
    return " · ".join(gettext(METHODS[method]) for method in settings.of(stored).methods)


def _provider(code: str, stored: dict[str, Any] | None) -> dict[str, Any]:
    """One provider: its name, whether it is set up, and what stands in its way."""
    found = {"code": code, "name": gettext(PROVIDERS[code]), "there": stored is not None}
    if stored is None:
        return {**found, "said": gettext(N_("Not set up"))}
    if code == SIMULATED and not providers.simulator_runs():
        return {**found, "said": gettext(N_("Set up, but it is not running")), "bad": True}
    lacking = [one for one in providers.states(code, stored).values() if one.tone == "danger"]
    if lacking:
        text = ngettext(
            "Set up, but %(n)s secret file is lacking",
            "Set up, but %(n)s secret files are lacking",
            len(lacking),
        )
        return {**found, "said": text, "bad": True}
    return {**found, "said": gettext(N_("Set up"))}


def _names(entries: list[dict[str, Any]]) -> str:
    names = [pick(entry.get("name", {})) or entry["code"] for entry in entries]
    return " · ".join(names) or gettext(N_("None yet"))
