"""A payment's own page, behind the QR of the kiosk's screen: for the phone of whoever paid."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from turnero_core.errors import NotFound
from turnero_core.i18n import LANGUAGES, N_, set_language
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url
from turnero_kiosk.paying import mailing
from turnero_queue import receipts, verification_codes
from turnero_queue.api.edge import Unit, authenticate, changes, reads
from turnero_queue.api.theme import paper_logo
from turnero_queue.models import Payment, Receipt
from turnero_queue.payments import describe, starting, states

blueprint = Blueprint("paid", __name__, url_prefix="/pay", template_folder="../templates")
blueprint.before_request(authenticate)


@blueprint.get("/<token>")
@access(PUBLIC)
@reads
def show(unit: Unit, token: str) -> str:
    """What became of it, and its receipt."""
    return _page(unit, _find(unit, token), sent=request.args.get("sent") == "1")


@blueprint.get("/<token>/now")
@access(PUBLIC)
@reads
def now(unit: Unit, token: str) -> str:
    """The part of the page that changes."""
    return render_template("paying/_state.html", **_facts(unit, _find(unit, token)))


@blueprint.get("/<token>/receipt.pdf")
@access(PUBLIC)
@reads
def pdf(unit: Unit, token: str) -> Response:
    """The receipt to keep."""
    receipt = _receipt(unit, _find(unit, token))
    drawn = receipts.receipt_pdf(receipt, base_url(), paper_logo())
    name = f"{receipts.number_of(receipt)}.pdf"
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(drawn, mimetype="application/pdf", headers=headers)


@blueprint.post("/<token>/mail")
@access(PUBLIC)
@changes
def mail(unit: Unit, token: str) -> AnyResponse | tuple[str, int]:
    """Send the receipt, once to an address."""
    payment = _find(unit, token)
    typed = request.form.get("email", "")
    error = mailing.send(unit, _receipt(unit, payment), typed)
    if error:
        return _page(unit, payment, error=error, typed=typed[:200]), 422
    return redirect(url_for("paid.show", token=token, sent=1), 303)


@blueprint.errorhandler(NotFound)
def unknown(problem: NotFound) -> tuple[str, int]:
    return render_template("paying/unknown.html"), 404


@blueprint.errorhandler(CSRFError)
def stale_form(error: CSRFError) -> AnyResponse:
    """The page was open for so long that its form is no longer valid: show it anew."""
    token = (request.view_args or {}).get("token", "")
    return redirect(url_for("paid.show", token=token), 303)


def _find(unit: Unit, token: str) -> Payment:
    query = select(Payment).where(Payment.public_token == token)
    payment = unit.session.scalars(query).one_or_none()
    if payment is None:
        raise NotFound(N_("There is no such payment."))
    if request.args.get("lang") not in LANGUAGES and payment.language in LANGUAGES:
        set_language(payment.language)
    return payment


def _receipt(unit: Unit, payment: Payment) -> Receipt:
    receipt = receipts.of_payment(unit.session, payment.id)
    if receipt is None:
        raise NotFound(N_("There is no such payment."))
    return receipt


def _page(unit: Unit, payment: Payment, **context: Any) -> str:
    told = {"error": None, "typed": "", "sent": False, **context}
    return render_template("paying/paid.html", **_facts(unit, payment), **told)


def _facts(unit: Unit, payment: Payment) -> dict[str, Any]:
    receipt = receipts.of_payment(unit.session, payment.id)
    return {
        "payment": payment,
        "office": unit.catalogue.offices_by_id[payment.office_id],
        "catalogue": unit.catalogue,
        "items": starting.items_of(unit.session, payment.id),
        "told": describe.told(payment),
        "open": payment.state in states.OPEN,
        "receipt": receipt,
        "number": receipts.number_of(receipt) if receipt else "",
        "code": verification_codes.spoken(receipt.code) if receipt else "",
        "notes": receipts.credit_notes(unit.session, receipt) if receipt else [],
    }
