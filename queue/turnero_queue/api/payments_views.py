"""Payments: starting one, looking at it, ending it, giving money back."""

from typing import Any
from uuid import UUID

from flask import Response, g, jsonify, request
from flask_smorest import Blueprint

from turnero_core import clock
from turnero_core.errors import NotFound
from turnero_core.i18n import N_, current_language
from turnero_core.ids import new_id
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue import catalogue, idempotency, points_of_sale
from turnero_queue.api import payments_schemas as schemas
from turnero_queue.api.clearing_house import house
from turnero_queue.api.edge import Unit, authenticate, reads, writes
from turnero_queue.idempotency import Answer
from turnero_queue.models import Payment
from turnero_queue.payments import (
    asking,
    describe,
    moves,
    paying,
    receipt,
    refunds,
    settings,
    starting,
)
from turnero_queue.payments.starting import Where

blueprint = Blueprint("payments", __name__, description="What is paid, and given back.")
blueprint.before_request(authenticate)


@blueprint.post("/payments")
@blueprint.arguments(schemas.NewPayment)
@blueprint.response(201, schemas.Payment)
@access("scope:payments")
def create_payment(body: dict[str, Any]) -> Response:
    """Start a payment; the answer says what to do: a QR, a terminal, or a voucher."""
    caller, key = g.caller.id, request.headers.get("Idempotency-Key") or new_id()
    asked = idempotency.fingerprint(request.method, request.path, request.get_json())
    with runtime().database.write() as session:
        before = idempotency.find(session, caller, key, asked)
        if before is None:
            payment_id = _start(_unit(session), body, f"api:{caller}:{key}").id
    if before is not None:
        return _answer(before, replayed=True)
    # The provider is asked outside of any transaction; whatever happens to it, a worker goes on.
    house().clearing.step(payment_id, at_once=True)
    with runtime().database.write() as session:
        unit = _unit(session)
        answer = Answer(201, _shown(unit, session.get_one(Payment, payment_id)))
        first = idempotency.claim(session, caller, key, asked, unit.now)
        if first is None:
            idempotency.keep(session, caller, key, answer)
    return _answer(first or answer, replayed=first is not None)


@blueprint.get("/payments/<uuid:payment_id>")
@blueprint.response(200, schemas.Payment)
@access("scope:payments")
def get_payment(payment_id: UUID) -> dict[str, Any]:
    """A payment as it is now; one that is due is asked about first."""
    found = _look(str(payment_id))
    if found.check_at is not None and found.check_at <= clock.now():
        house().clearing.step(found.id)
    shown: dict[str, Any] = _show(str(payment_id))
    return shown


@blueprint.post("/payments/<uuid:payment_id>/cancel")
@blueprint.response(200, schemas.Payment)
@access("scope:payments")
def cancel_payment(payment_id: UUID) -> dict[str, Any]:
    """Cancel what is not paid yet. A provider may answer that it has just been paid."""
    _look(str(payment_id))
    with runtime().database.write() as session:
        unit = _unit(session)
        paying.ask_to_cancel(session, str(payment_id), unit.actor, unit.now)
    house().clearing.step(str(payment_id))
    shown: dict[str, Any] = _show(str(payment_id))
    return shown


@blueprint.post("/payments/<uuid:payment_id>/refunds")
@blueprint.arguments(schemas.NewRefund)
@blueprint.response(201, schemas.Payment)
@access("scope:payments")
@writes(201)
def create_refund(unit: Unit, body: dict[str, Any], payment_id: UUID) -> dict[str, Any]:
    """Give back a part, or without an amount all that is left."""
    payment = moves.hold(unit.session, _mine(unit, str(payment_id)).id)
    amount = refunds.left(payment)
    if body.get("amount"):
        amount = asking.amount(body["amount"], payment.currency, "amount")
    key = request.headers.get("Idempotency-Key") or new_id()
    asked = f"api:{g.caller.id}:{key}"
    refunds.ask(unit.session, payment, amount, body["reason"], unit.actor, asked, unit.now)
    return _shown(unit, payment)


def _start(unit: Unit, body: dict[str, Any], key: str) -> Payment:
    office = unit.office(body["office"])
    lines = asking.items(unit.catalogue, office, body["items"])
    place = points_of_sale.choose(unit.session, office, body.get("point_of_sale"))
    where = Where(
        office.id,
        unit.catalogue.currency,
        origin="api",
        device=body.get("device"),
        point_of_sale=place.code,
        language=body.get("language") or current_language(),
    )
    how = settings.current(unit.session).how(body["method"], body.get("device"))
    known = starting.of_key(unit.session, key)
    errand = asking.errand(unit.session, office, body.get("ticket"), lines)
    if known is not None and errand.kind == "service":
        errand = starting.Errand("service", known.errand_id)
    return starting.start(unit.session, lines, how, errand, where, key, unit.now, actor=unit.actor)


def _look(payment_id: str) -> Payment:
    with runtime().database.read() as session:
        return _mine(_unit(session), payment_id)


@reads
def _show(unit: Unit, payment_id: str) -> dict[str, Any]:
    return _shown(unit, _mine(unit, payment_id))


def _mine(unit: Unit, payment_id: str) -> Payment:
    payment = unit.session.get(Payment, payment_id)
    if payment is None:
        raise NotFound(N_("There is no such payment."))
    unit.require_office(payment.office_id)
    return payment


def _shown(unit: Unit, payment: Payment) -> dict[str, Any]:
    return describe.payment(unit.session, unit.catalogue, payment, receipt.of_payment)


def _unit(session: Any) -> Unit:
    return Unit(session, catalogue.current(session), clock.now(), g.caller)


def _answer(answer: Answer, *, replayed: bool) -> Response:
    response = jsonify(answer.body)
    response.status_code = answer.status
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response
