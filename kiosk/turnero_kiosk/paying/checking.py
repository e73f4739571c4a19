"""Anybody checks a paper: is this receipt or certificate ours, and does it still hold?

The page tells no more about a person than the paper in the hand does: of a document's number only
its end, of a certificate's text what it certifies.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from turnero_core import clock
from turnero_core.errors import NotFound
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import base_url, runtime
from turnero_queue import certificates, receipts, verification_codes
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.models import Certificate, Payment, Receipt
from turnero_queue.receipts.content import METHOD_NAMES, Content

HOUR_S = 3600

blueprint = Blueprint("check", __name__, url_prefix="/v", template_folder="../templates")
blueprint.before_request(authenticate)


@blueprint.get("")
@access(PUBLIC)
def ask() -> AnyResponse | str:
    """Type the code of a paper."""
    typed = request.args.get("code", "")
    if typed:
        code = verification_codes.normal(typed) or typed[:40].replace("/", " ").strip() or "-"
        return redirect(url_for("check.show", code=code))
    return render_template("check/ask.html")


@blueprint.get("/keys.json")
@access(PUBLIC)
def keys() -> Response:
    """The public keys that our certificates are signed with, as a JSON Web Key Set."""
    answer = jsonify(certificates.published(runtime().settings.instance))
    answer.headers["Cache-Control"] = f"public, max-age={HOUR_S}"
    return answer


@blueprint.get("/offline")
@access(PUBLIC)
def offline() -> str:
    """How to check a certificate without asking us."""
    address = base_url() + url_for("check.keys")
    return render_template("check/offline.html", keys_url=address)


@blueprint.get("/<code>")
@access(PUBLIC)
@reads
def show(unit: Unit, code: str) -> str | tuple[str, int]:
    """Valid, revoked, expired, given back, or unknown."""
    wanted = verification_codes.normal(code)
    certificate = receipt = None
    if wanted:
        try:
            certificate = certificates.find(unit.session, wanted)
        except NotFound:
            query = select(Receipt).where(Receipt.code == wanted)
            receipt = unit.session.scalars(query).one_or_none()
    if certificate is not None:
        return render_template("check/certificate.html", **_of_certificate(unit, certificate))
    if receipt is not None:
        return render_template("check/receipt.html", **_of_receipt(unit, receipt))
    return render_template("check/unknown.html", code=code[:40]), 404


def _of_certificate(unit: Unit, row: Certificate) -> dict[str, Any]:
    office = unit.catalogue.offices_by_id.get(row.office_id)
    zone = office.zone if office else clock.now().tzinfo
    says = certificates.document_of(row)
    state = "valid"
    if row.revoked_at is not None:
        state = "revoked"
    elif unit.now.astimezone(zone).date() > row.valid_until:
        state = "expired"
    return {
        "state": state,
        "certificate": row,
        "title": says["title"],
        "text": says["text"].replace(says["subject"], row.subject_hint),
        "issued": row.issued_at.astimezone(zone).date(),
        "revoked": row.revoked_at.astimezone(zone).date() if row.revoked_at else None,
        "code": verification_codes.spoken(row.code),
        "office": office,
    }


def _of_receipt(unit: Unit, receipt: Receipt) -> dict[str, Any]:
    payment = unit.session.get_one(Payment, receipt.payment_id)
    says = Content.from_plain(receipt.content)
    state = "credit_note" if receipt.kind == "credit_note" else _state(payment)
    document = receipt.payer_document
    return {
        "state": state,
        "receipt": receipt,
        "says": says,
        "number": receipts.number_of(receipt),
        "when": says.when(receipt.language),
        "method": METHOD_NAMES[says.method],
        "document": verification_codes.hidden(document) if document else "",
        "refunded": payment.refunded_minor,
        "code": verification_codes.spoken(receipt.code),
        "catalogue": unit.catalogue,
        "office": unit.catalogue.offices_by_id.get(receipt.office_id),
    }


def _state(payment: Payment) -> str:
    given_back = {"refunded": "refunded", "partly_refunded": "partly_refunded"}
    return given_back.get(payment.state, "valid")
