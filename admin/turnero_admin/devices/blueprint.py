"""The blueprint of `/admin/devices`, and who may look at or change a machine."""

from flask import Blueprint

from turnero_admin.devices import words
from turnero_admin.panel.blueprint import prepare
from turnero_core.errors import Forbidden
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit
from turnero_queue.permissions import Permission

VIEW, MANAGE = "can:devices.view", "can:devices.manage"
blueprint = prepare(Blueprint("machines", __name__, url_prefix="/admin/devices"))
blueprint.context_processor(words.context)


def require(unit: Unit, permission: Permission, office_id: str | None) -> None:
    """Forbidden unless the machine stands where whoever asks may do that; one of no office is for
    those who may do it in every office."""
    if office_id is not None:
        unit.require(permission, office_id)
    elif not may_everywhere(unit, permission):
        raise Forbidden(N_("Your account may not do this. Ask an administrator."))


def may(unit: Unit, permission: Permission, office_id: str | None) -> bool:
    if office_id is None:
        return may_everywhere(unit, permission)
    return unit.caller is not None and unit.caller.can(permission, office_id)


def may_everywhere(unit: Unit, permission: Permission) -> bool:
    grants = unit.caller.grants if unit.caller else None
    return grants is not None and grants.everywhere(permission)
