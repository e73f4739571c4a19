"""What a kiosk's page tells its server every few seconds, and how it hears that it must change."""

import queue
from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, request

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import Forbidden, Unauthorized
from turnero_core.i18n import N_
from turnero_core.live import Hub, Message
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.csrf import protect
from turnero_core.web.runtime import runtime
from turnero_hardware.outbox import TOPIC
from turnero_kiosk import machine
from turnero_queue import devices
from turnero_queue.api.edge import Unit, authenticate, changes
from turnero_queue.devices import Heartbeat
from turnero_queue.models.devices import Device

COMMENT_EVERY_S = 15.0
COMMENT = b": still here\n\n"
FACTS = ("errors", "connection", "screen", "width", "height", "resting", "browser")
# A header that no form of another site can send: the cookie alone is not enough.
HEADER = "X-Turnero-Kiosk"
blueprint = Blueprint("kiosk_machine", __name__)
blueprint.before_request(authenticate)
protect.exempt(blueprint)


@blueprint.post("/kiosk/-/beat")
@access(PUBLIC)
@changes
def beat(unit: Unit) -> Response | tuple[Response, int]:
    """The page lives. What it is told in return: whether it is still in force, and what to do."""
    if HEADER not in request.headers:
        raise Forbidden(N_("This is for kiosks only."))
    try:
        device = devices.authenticate(unit.session, machine.token() or "", unit.now)
        found = machine.of(device)
    except Unauthorized:
        return jsonify(state="revoked"), 403
    told = request.get_json(silent=True)
    facts = {name: told[name] for name in FACTS if name in told} if isinstance(told, dict) else {}
    answer = devices.heartbeat(
        unit.session, device, Heartbeat(version=_text(told, "version"), facts=facts), unit.now
    )
    return jsonify(state="ok", mark=found.mark, commands=answer["commands"])


@blueprint.get("/kiosk/-/live")
@access(PUBLIC)
def follow() -> Response:
    """An event each time something of this one kiosk is changed by somebody else."""
    found = machine.look_up(machine.token() or "")
    events = changes_of(runtime().database, runtime().hub, found.id)
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Response(events, mimetype="text/event-stream", headers=headers)


def changes_of(database: Database, hub: Hub, device_id: str) -> Iterator[bytes]:
    """text/event-stream without end; what concerns only other devices is passed over."""
    subscription = hub.subscribe(TOPIC)
    try:
        before, count = _look(database, device_id), 0
        yield _event(count)
        while True:
            try:
                subscription.get(COMMENT_EVERY_S)
            except queue.Empty:
                yield COMMENT
                continue
            now = _look(database, device_id)
            if now != before:
                before, count = now, count + 1
                yield _event(count)
    finally:
        hub.unsubscribe(subscription)


def _look(database: Database, device_id: str) -> object:
    with database.read() as session:
        device = session.get(Device, device_id)
        if device is None:
            return None
        told = (device.settings, device.office_id, device.name, device.commands)
        return (device.revoked_at, device.token_hash, repr(told))


def _event(count: int) -> bytes:
    data = {"at": clock.rfc3339(clock.now())}
    return Message(TOPIC, count, "machine", data).encoded


def _text(told: object, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return value if isinstance(value, str) else ""
