"""The banner by itself, and what tells pages of several offices that it has changed."""

import queue
from collections.abc import Callable, Iterator

from flask import Response, render_template

from turnero_admin.helping import banner
from turnero_admin.helping.blueprint import ANSWER, blueprint
from turnero_core import clock
from turnero_core.live import Hub, Message
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue.announcements import HELP_TOPIC
from turnero_queue.api import signed_in
from turnero_queue.permissions import Permission

COMMENT_EVERY_S = 15.0
COMMENT = b": still here\n\n"
RETRY = b"retry: 1500\n\n"


@blueprint.get("/banner")
@access(ANSWER)
def now() -> str:
    return render_template("admin/help/_banner.html", **banner.context())


@blueprint.get("/live")
@access(ANSWER)
def follow() -> Response:
    """An event each time a call for help of one's offices changes; it carries no more."""
    person = signed_in.person()

    def concerns(office_id: str) -> bool:
        return person is not None and person.can(Permission.HELP_ANSWER, office_id)

    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Response(events(runtime().hub, concerns), mimetype="text/event-stream", headers=headers)


def events(hub: Hub, concerns: Callable[[str], bool]) -> Iterator[bytes]:
    subscription = hub.subscribe(HELP_TOPIC)
    count = 0
    try:
        yield RETRY + _message(count, "ready")
        while True:
            try:
                message = subscription.get(COMMENT_EVERY_S)
            except queue.Empty:
                yield COMMENT
                continue
            if message is None or concerns(message.data["office"]):
                count += 1
                yield _message(count, "help")
    finally:
        hub.unsubscribe(subscription)


def _message(count: int, event: str) -> bytes:
    return Message(HELP_TOPIC, count, event, {"at": clock.rfc3339(clock.now())}).encoded
