"""Mercado Pago's webhooks: "Validate the origin of a notification".

The header `x-signature` is `ts=…,v1=…`: v1 is the HMAC-SHA256, in hexadecimal, of the manifest
`id:[data.id];request-id:[x-request-id];ts:[ts];` with the application's secret. A part that did
not come is left out of the manifest; data.id is in lower case.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from turnero_queue.payments.provider import Call, WebhookRefused

# Clocks differ and the net is slow; anything older is somebody repeating what they overheard.
TOLERANCE = timedelta(minutes=10)
# Seconds up to here, milliseconds beyond: both are seen.
MOST_SECONDS = 100_000_000_000


def parse(call: Call, secret: str, now: datetime) -> str | None:
    """The id of the order that a notification is about; None when it is of another topic."""
    data = _body(call.body)
    named = call.query.get("data.id") or _id(data)
    _verify(call, named, secret, now)
    # The signature covers what the address says: a body that names another order proves nothing.
    if _id(data) and _id(data).lower() != named.lower():
        raise WebhookRefused("another-order")
    topic = str(call.query.get("type") or data.get("type") or "order")
    return (_id(data) or named) if topic.startswith("order") else None


def sign(secret: str, order_id: str, request_id: str, at: datetime) -> str:
    """The header that the sender sets."""
    ts = str(int(at.timestamp() * 1000))
    return f"ts={ts},v1={_digest(secret, manifest(order_id, request_id, ts))}"


def manifest(order_id: str, request_id: str, ts: str) -> str:
    parts = (("id", order_id.lower()), ("request-id", request_id), ("ts", ts))
    return "".join(f"{name}:{value};" for name, value in parts if value)


def _verify(call: Call, order_id: str, secret: str, now: datetime) -> None:
    parts = dict(
        part.strip().partition("=")[::2] for part in call.headers.get("x-signature", "").split(",")
    )
    ts, given = parts.get("ts", ""), parts.get("v1", "")
    if not secret:
        raise WebhookRefused("no-secret")
    wanted = _digest(secret, manifest(order_id, call.headers.get("x-request-id", ""), ts))
    if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
        raise WebhookRefused("wrong-signature")
    if abs(now - _time(ts)) > TOLERANCE:
        raise WebhookRefused("old-timestamp")


def _time(ts: str) -> datetime:
    if not (ts.isascii() and ts.isdigit() and len(ts) <= 14):
        raise WebhookRefused("no-timestamp")
    seconds = int(ts) / 1000 if int(ts) > MOST_SECONDS else int(ts)
    return datetime.fromtimestamp(seconds, UTC)


def _digest(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _body(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise WebhookRefused("not-json") from error
    if not isinstance(data, dict):
        raise WebhookRefused("not-json")
    return data


def _id(data: dict[str, Any]) -> str:
    about = data.get("data")
    found = about.get("id") if isinstance(about, dict) else None
    return str(found) if isinstance(found, str | int) else ""
