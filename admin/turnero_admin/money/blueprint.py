"""The blueprint of payments, the report and certificates in `/admin`."""

from typing import Any

from flask import Blueprint, render_template, request

from turnero_admin import amounts, once
from turnero_admin.panel import offices
from turnero_admin.panel.blueprint import prepare
from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit
from turnero_queue.models import Payment
from turnero_queue.permissions import Permission

VIEW, REFUND, REVOKE = "can:payments.view", "can:payments.refund", "can:certificates.revoke"
blueprint = prepare(Blueprint("money", __name__, url_prefix="/admin"))


def page(template: str, unit: Unit, **context: Any) -> str:
    """A page about money: `money` writes amounts, `key` makes its forms one operation;
    with `set_up` it leads to where that is configured."""
    return render_template(
        f"admin/money/{template}",
        unit=unit,
        money=amounts.writer(unit),
        key=once.key(),
        asked_office=request.args.get("office", ""),
        set_up=_may_set_up(unit),
        **context,
    )


def _may_set_up(unit: Unit) -> bool:
    """Whether whoever asks may change how money is taken."""
    grants = unit.caller.grants if unit.caller else None
    return grants is not None and grants.everywhere(Permission.OFFICE_CONFIGURE)


def payment_of(unit: Unit, payment_id: str, permission: Permission) -> Payment:
    """A payment of an office where the permission holds; NotFound, Forbidden."""
    payment = unit.session.get(Payment, payment_id)
    if payment is None:
        raise NotFound(N_("There is no such payment."))
    unit.require(permission, payment.office_id)
    return payment


def may(unit: Unit, permission: Permission, office_id: str) -> bool:
    return unit.caller is not None and unit.caller.can(permission, office_id)


def office_ids(unit: Unit, permission: Permission) -> list[str]:
    """The ids of the office chosen, or of all where the permission holds."""
    return [office.id for office in offices.within(unit, permission)]
