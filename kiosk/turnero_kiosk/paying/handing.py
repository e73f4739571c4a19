"""What a payment hands over: its squares, and its receipt by e-mail."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_kiosk import machine, pages, qr, visit
from turnero_kiosk.paying import basket as baskets
from turnero_kiosk.paying import mailing, refusing
from turnero_queue import receipts
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.models import Payment

blueprint = Blueprint("kiosk_receipt", __name__, template_folder="../templates")
pages.prepare(blueprint)
refusing.install(blueprint)


@blueprint.get("/kiosk/<office>/paying/<nonce>/qr.svg")
@access(PUBLIC)
@reads
def code(unit: Unit, office: str, nonce: str) -> FlaskResponse:
    """The square that the bank's app reads; or, for the cash desk, the voucher's."""
    machine.office(unit.catalogue, office)
    payment = payment_of(unit, nonce)
    data = payment and (payment.voucher if payment.method == "cash" else payment.qr_data)
    if not data:
        raise NotFound(N_("Nothing is being paid here now."))
    return _picture(data)


@blueprint.get("/kiosk/<office>/paying/<nonce>/page.svg")
@access(PUBLIC)
@reads
def page_code(unit: Unit, office: str, nonce: str) -> FlaskResponse:
    """The square that opens the payment's own page on a phone."""
    machine.office(unit.catalogue, office)
    payment = payment_of(unit, nonce)
    if payment is None:
        raise NotFound(N_("Nothing is being paid here now."))
    return _picture(base_url() + url_for("paid.show", token=payment.public_token))


@blueprint.get("/kiosk/<office>/paying/<nonce>/mail")
@access(PUBLIC)
@reads
def address(unit: Unit, office: str, nonce: str) -> Response | str:
    """Where the receipt is to be sent."""
    page: Response | str = _address(unit, office, nonce)
    return page


@blueprint.post("/kiosk/<office>/paying/<nonce>/mail")
@access(PUBLIC)
@changes
def mail(unit: Unit, office: str, nonce: str) -> Response | tuple[str, int] | str:
    """Send the receipt, once to an address."""
    payment = payment_of(unit, nonce)
    receipt = receipts.of_payment(unit.session, payment.id) if payment else None
    if receipt is None:
        return redirect(url_for("kiosk.start", office=office))
    typed = request.form.get("email", "")
    error = mailing.send(unit, receipt, typed)
    if error:
        return _address(unit, office, nonce, error=error, typed=typed[:200]), 422
    visit.keep("mailed", receipt.id)
    return redirect(url_for("kiosk_payment.follow", office=office, nonce=nonce), 303)


def payment_of(unit: Unit, nonce: str) -> Payment | None:
    """The payment that this visit follows under `nonce`; None for anybody else."""
    payment_id = baskets.followed(nonce)
    return unit.session.get(Payment, payment_id) if payment_id else None


def _address(unit: Unit, office: str, nonce: str, **context: Any) -> Any:
    found = machine.office(unit.catalogue, office)
    payment = payment_of(unit, nonce)
    if payment is None or receipts.of_payment(unit.session, payment.id) is None:
        return redirect(url_for("kiosk.start", office=office))
    told = {"error": None, "typed": "", **context}
    return pages.render("paying/mail", unit.catalogue, found, nonce=nonce, **told)


def _picture(data: str) -> FlaskResponse:
    headers = {"Cache-Control": "no-store"}
    return FlaskResponse(qr.svg(data), mimetype="image/svg+xml", headers=headers)
