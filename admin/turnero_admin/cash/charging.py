"""A citizen without a voucher pays a service's fee."""

from flask import Response, request, url_for

from turnero_admin.cash import beginning
from turnero_admin.cash.blueprint import OPERATE, blueprint, drawer, page
from turnero_admin.once import Errors, submit
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.ids import new_id
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Service
from turnero_queue.payments import asking
from turnero_queue.payments.starting import Errand


@blueprint.get("/cash/fee")
@access(OPERATE)
@reads
def fee(unit: Unit) -> str:
    return _page(unit)


@blueprint.post("/cash/fee")
@access(OPERATE)
def charge_fee() -> Response:
    return submit(_charge, reads(_page), url_for("cash.index"))


def _charge(unit: Unit) -> str:
    row = drawer(unit)
    office = unit.catalogue.offices_by_id[row.office_id]
    chosen = [service for service in _services(unit) if service.code == request.form.get("service")]
    if not chosen:
        raise Invalid(errors={"service": [gettext(N_("Choose what is to be paid."))]})
    many = request.form.get("quantity", "1").strip()
    if not (many.isascii() and many.isdecimal() and 0 < int(many[:6]) <= asking.MOST_OF_ONE):
        message = gettext(N_("Use a whole number from 1 to %(most)s."), most=asking.MOST_OF_ONE)
        raise Invalid(errors={"quantity": [message]})
    lines = asking.items(
        unit.catalogue, office, [{"service": chosen[0].code, "quantity": int(many)}]
    )
    # Every fee at the desk is an errand of its own: the same service may be paid for twice.
    payment = beginning.start(unit, row, lines, Errand("service", new_id()), beginning.payer())
    return url_for("cash.pay", payment_id=payment.id)


def _page(unit: Unit, errors: Errors | None = None) -> str:
    row = drawer(unit)
    return page(
        "fee.html",
        unit,
        row=row,
        services=_services(unit),
        errors=errors or {},
        values=request.form,
    )


def _services(unit: Unit) -> list[Service]:
    """What costs something in the drawer's office."""
    office = unit.catalogue.offices_by_id[drawer(unit).office_id]
    return [service for service in office.services if service.fee_minor]
