"""The blueprint of `/admin/webhooks`. What is told leaves the house and an address may be of any
machine in it: only whoever may edit the configuration of every office decides on that."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint

from turnero_admin.panel.blueprint import prepare
from turnero_core.i18n import N_

MAY = "everywhere:configuration.edit"
blueprint = prepare(Blueprint("hooks", __name__, url_prefix="/admin/webhooks"))

# State of a delivery -> word, tone of its badge, icon.
STATES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "pending": (N_("Waiting"), "info", "clock"),
        "delivered": (N_("Delivered"), "ok", "check"),
        "given_up": (N_("Given up"), "danger", "circle-x"),
    }
)
