"""What the pages of machines listen to, and the banner that every page of the panel may show."""

import queue
from collections.abc import Iterator
from typing import Any

from flask import Response, render_template
from markupsafe import Markup

from turnero_admin.devices.blueprint import VIEW, blueprint
from turnero_core import clock
from turnero_core.live import Hub, Message
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_hardware.outbox import TOPIC
from turnero_queue import announcements
from turnero_queue.api import signed_in
from turnero_queue.devices.alerts import open_alerts, words
from turnero_queue.permissions import Permission

COMMENT_EVERY_S = 15.0
COMMENT = b": still here\n\n"
RETRY = b"retry: 1500\n\n"


@blueprint.get("/live")
@access(VIEW)
def follow() -> Response:
    """An event each time something of a machine or of its slips changes; it carries no more."""
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Response(events(runtime().hub), mimetype="text/event-stream", headers=headers)


def events(hub: Hub) -> Iterator[bytes]:
    subscription = hub.subscribe(TOPIC, announcements.CONFIGURATION)
    count = 0
    try:
        yield RETRY + _message(count, "ready")
        while True:
            try:
                subscription.get(COMMENT_EVERY_S)
            except queue.Empty:
                yield COMMENT
                continue
            count += 1
            yield _message(count, "devices")
    finally:
        hub.unsubscribe(subscription)


@blueprint.get("/banner")
@access(VIEW)
def banner() -> str:
    """What ails a machine now."""
    return render_template("admin/devices/_banner.html", **_ailing())


def shown_banner() -> Markup:
    """The banner as a region of a panel's page, for whoever looks after machines; else nothing."""
    person = signed_in.person()
    if person is None or not person.can(Permission.DEVICES_VIEW):
        return Markup()
    return Markup(render_template("admin/devices/_banner_region.html", **_ailing()))  # noqa: S704


def _ailing() -> dict[str, Any]:
    person = signed_in.person()
    with runtime().database.read() as session:
        alerts = [
            alert
            for alert in open_alerts(session)
            if person is not None and person.can(Permission.DEVICES_VIEW, alert.office_id)
        ]
    return {"alerts": alerts, "words": words}


def _message(count: int, event: str) -> bytes:
    return Message(TOPIC, count, event, {"at": clock.rfc3339(clock.now())}).encoded
