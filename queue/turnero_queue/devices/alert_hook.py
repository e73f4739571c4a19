"""The webhook of alerts: a signed POST for each beginning and each end, told until it is taken.

The body is JSON; `X-Turnero-Signature` is `sha256=` and the HMAC-SHA256 of the body with the key
that the devices' page shows. A receiver may hear of one thing twice (the id says so), never of an
end before its beginning.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from turnero_core import clock, sealed
from turnero_core.db import Database
from turnero_queue.devices.alerts import rules_for, words
from turnero_queue.models import Office
from turnero_queue.models.device_alerts import DeviceAlert
from turnero_queue.signatures import hmac_hex

TIMEOUT_S = 5.0
GIVE_UP = timedelta(days=1)
_FIRST, _LONGEST = timedelta(seconds=10), timedelta(hours=1)
_AT_ONCE = 20
#: Posts a body with its headers to an address; gives the status, or 0 when nobody answered.
Post = Callable[[str, bytes, dict[str, str]], int]


@dataclass(frozen=True)
class Call:
    alert_id: str
    url: str
    step: int
    body: bytes


def key() -> str:
    """What the signature is made with, of this installation and for this only."""
    return sealed.digest("device-alert-webhook")


def signature(body: bytes) -> str:
    return "sha256=" + hmac_hex(key(), body)


def due(session: Session, now: datetime) -> list[Call]:
    """What the webhook is to be told now; alerts of offices without one are passed over."""
    ended = DeviceAlert.cleared_at.is_not(None)
    ready = or_(DeviceAlert.hook_next_at.is_(None), DeviceAlert.hook_next_at <= now)
    fresh = DeviceAlert.raised_at > now - 2 * GIVE_UP
    query = (
        select(DeviceAlert)
        .where(or_(DeviceAlert.hook_step == 0, (DeviceAlert.hook_step == 1) & ended), ready, fresh)
        .order_by(DeviceAlert.raised_at, DeviceAlert.id)
        .limit(_AT_ONCE)
    )
    return [call for alert in session.scalars(query) if (call := _call(session, alert))]


def settle(session: Session, call: Call, status: int, now: datetime) -> None:
    """Note how a call ended: taken, to be told again later, or given up after a day."""
    alert = session.get(DeviceAlert, call.alert_id)
    if alert is None or alert.hook_step >= call.step:
        return
    last = (alert.cleared_at if call.step == 2 and alert.cleared_at else alert.raised_at) + GIVE_UP
    if 200 <= status < 300 or now > last:
        alert.hook_step, alert.hook_tries, alert.hook_next_at = call.step, 0, None
        return
    alert.hook_tries += 1
    pause = min(_FIRST * 2 ** min(alert.hook_tries - 1, 12), _LONGEST)
    alert.hook_next_at = now + pause


def tell(database: Database, post: Post) -> int:
    """Tell everything that is due, each call outside of a transaction; how many were taken."""
    with database.read() as session:
        calls = due(session, clock.now())
    taken = 0
    for call in calls:
        headers = {"Content-Type": "application/json", "X-Turnero-Signature": signature(call.body)}
        status = post(call.url, call.body, headers)
        taken += 200 <= status < 300
        with database.write() as session:
            settle(session, call, status, clock.now())
    return taken


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """A POST that follows nobody elsewhere and waits for nobody long."""
    try:
        return httpx.post(url, content=body, headers=headers, timeout=TIMEOUT_S).status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0


def _call(session: Session, alert: DeviceAlert) -> Call | None:
    url = rules_for(session, alert.office_id).device_alert_webhook
    if not url:
        return None
    step = alert.hook_step + 1
    office = session.get(Office, alert.office_id) if alert.office_id else None
    told = {
        "id": f"{alert.id}/{step}",
        "event": "device-alert.raised" if step == 1 else "device-alert.cleared",
        "device": alert.code,
        "kind": alert.kind,
        "name": alert.name,
        "office": office.code if office else None,
        "problem": alert.slug,
        "message": words(alert),
        "raised_at": clock.rfc3339(alert.raised_at),
        "cleared_at": clock.rfc3339(alert.cleared_at) if alert.cleared_at else None,
    }
    return Call(alert.id, url, step, json.dumps(told, ensure_ascii=False).encode())
