"""The HTTP contract: Create order, Get order, Search order, Cancel order, Refund order."""

import hmac
import json
import re
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from turnero_core import clock
from turnero_server.simulated_provider.faults import Switchboard
from turnero_server.simulated_provider.ledger import Ledger, NewOrder, Refused

blueprint = Blueprint("contract", __name__)
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,12})(\.[0-9]{2,3})?")
DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
LOST = (500, "internal_error")


def ledger() -> Ledger:
    found: Ledger = current_app.extensions["ledger"]
    return found


def faults() -> Switchboard:
    found: Switchboard = current_app.extensions["faults"]
    return found


@blueprint.before_request
def _refuse() -> Response | None:
    wanted = f"Bearer {current_app.extensions['access_token']}"
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode()):
        return _error(Refused(401, "unauthorized"))
    faults().pause()
    if faults().now.down:
        return _error(Refused(503, "unavailable"))
    return _error(Refused(*LOST)) if faults().happens(faults().now.fail) else None


@blueprint.after_request
def _lose(answer: Response) -> Response:
    """What was done stays done, but whoever asked does not learn of it."""
    changed = request.method == "POST" and answer.status_code < 400
    return _error(Refused(*LOST)) if changed and faults().happens(faults().now.lose) else answer


@blueprint.errorhandler(Refused)
def _refused(error: Refused) -> Response:
    return _error(error)


@blueprint.post("/v1/orders")
def create_order() -> tuple[Response, int]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused(400, "json_syntax_error")
    order = ledger().make(_key(), _new(body))
    return jsonify(shown(order)), 201


@blueprint.get("/v1/orders/<order_id>")
def get_order(order_id: str) -> Response:
    return jsonify(shown(ledger().order(order_id, clock.now())))


@blueprint.get("/v1/orders")
def search_orders() -> Response:
    try:
        since, until = (
            datetime.fromisoformat(request.args[name]).isoformat()
            for name in ("begin_date", "end_date")
        )
    except (KeyError, ValueError) as error:
        raise Refused(400, "missing_required_params") from error
    rows = ledger().search(since, until, request.args.get("external_reference"))
    page = request.args.get("page", 1, int)
    size = min(request.args.get("page_size", 20, int), 100)
    found = [shown(row) for row in rows[(page - 1) * size : page * size]]
    return jsonify({"data": found, "paging": {"total": len(rows), "page": page}})


@blueprint.post("/v1/orders/<order_id>/cancel")
def cancel_order(order_id: str) -> Response:
    _key()
    order = ledger().order(order_id, clock.now())
    if order["status"] not in ("canceled", "expired"):
        order = ledger().move(order_id, "canceled", "canceled_by_api", clock.now())
    return jsonify(shown(order))


@blueprint.post("/v1/orders/<order_id>/refund")
def refund_order(order_id: str) -> tuple[Response, int]:
    body = request.get_json(silent=True) if request.data else None
    amount = None
    if isinstance(body, dict) and body.get("transactions"):
        amount = body["transactions"][0].get("amount")
        if not isinstance(amount, str) or not AMOUNT.fullmatch(amount):
            raise Refused(400, "property_value")
    ledger().refund(order_id, _key(), amount, clock.now())
    return jsonify(shown(ledger().order(order_id, clock.now()))), 201


def shown(order: Row) -> dict[str, Any]:
    """An order as the contract shows it."""
    back = [
        {
            "id": refund["id"],
            "transaction_id": _payment_id(order),
            "amount": refund["amount"],
            "status": refund["status"],
        }
        for refund in ledger().refunds(order["id"])
    ]
    paid = {"id": _payment_id(order), "amount": order["amount"], "status": order["status"]}
    return {
        "id": order["id"],
        "type": order["type"],
        "external_reference": order["external_reference"],
        "description": order["description"],
        "total_amount": order["amount"],
        "status": order["status"],
        "status_detail": order["status_detail"],
        "created_date": order["created_at"],
        "live_mode": False,
        "transactions": {"payments": [paid], **({"refunds": back} if back else {})},
        **({"type_response": {"qr_data": _qr(order)}} if order["type"] == "qr" else {}),
    }


def _new(body: dict[str, Any]) -> NewOrder:
    try:
        kind = body["type"]
        amount = body["transactions"]["payments"][0]["amount"]
        point = body["config"][kind]
        place = point["external_pos_id"] if kind == "qr" else point["terminal_id"]
        reference = body["external_reference"]
        lasts = _duration(body.get("expiration_time", "PT15M"))
    except (KeyError, TypeError, IndexError) as error:
        raise Refused(400, "required_properties") from error
    if kind not in ("qr", "point") or not AMOUNT.fullmatch(str(amount)) or not float(amount):
        raise Refused(400, "property_value")
    if kind == "qr" and body.get("total_amount") != amount:
        raise Refused(400, "invalid_total_amount")
    now = clock.now()
    return NewOrder(
        external_reference=str(reference),
        type=kind,
        amount=amount,
        place=str(place),
        description=str(body.get("description", ""))[:150],
        created_at=now,
        expires_at=now + lasts,
        # What makes two requests the same; the time left may differ.
        asked=json.dumps([kind, amount, place, reference]),
    )


def _duration(text: object) -> timedelta:
    found = DURATION.fullmatch(str(text))
    if not found or not any(found.groups()):
        raise Refused(400, "property_value")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _key() -> str:
    key = request.headers.get("X-Idempotency-Key", "")
    if not 1 <= len(key) <= 128:
        raise Refused(400, "empty_required_header")
    return key


def _qr(order: Row) -> str:
    return f"{request.host_url}pay/{order['id']}"


def _payment_id(order: Row) -> str:
    return f"PAY{order['id'][3:]}"


def _error(error: Refused) -> Response:
    answer = jsonify({"errors": [{"code": error.code, "message": error.code}]})
    answer.status_code = error.status
    return answer
