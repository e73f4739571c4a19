"""Every office that one supervises: as a table that can be sorted, and on a plain map."""

import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, render_template, request

from turnero_admin.supervision import city_map
from turnero_admin.supervision.blueprint import MAY, SUPERVISE, blueprint
from turnero_core import clock
from turnero_core.i18n import N_, pick
from turnero_core.live import Hub, Message
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue import announcements
from turnero_queue.api.edge import Unit, reads
from turnero_queue.devices.alerts import open_alerts
from turnero_queue.supervision import city as domain
from turnero_queue.supervision.city import BUSY, CALM, CLOSED, TROUBLED, Glance

COMMENT_EVERY_S = 15.0
COMMENT = b": still here\n\n"
RETRY = b"retry: 1500\n\n"
#: A city in full swing changes all the time; nobody reads faster than this.
GATHER_S = 0.7
_WORST = (TROUBLED, BUSY, CALM, CLOSED)
Key = Callable[[Glance], Any]
#: column -> its head, how it is sorted, whether the largest comes first
COLUMNS: dict[str, tuple[str, Key, bool]] = {
    "state": (N_("State"), lambda one: (_WORST.index(one.state), -one.over, -one.waiting), False),
    "office": (N_("Office"), lambda one: pick(one.office.name), False),
    "waiting": (N_("Waiting"), lambda one: one.waiting, True),
    "longest": (N_("Longest wait"), lambda one: one.longest_s, True),
    "over": (N_("Over target"), lambda one: one.over, True),
    "desks": (N_("Desks open"), lambda one: one.open_desks, True),
    "expected": (N_("Expected wait"), lambda one: one.expected_s, True),
    "devices": (N_("Devices in trouble"), lambda one: one.devices, True),
}


@blueprint.get("", strict_slashes=False)
@access(SUPERVISE)
@reads
def city(unit: Unit) -> str:
    return render_template("admin/supervision/city.html", switcher=None, **_state(unit))


@blueprint.get("/-/now")
@access(SUPERVISE)
@reads
def city_now(unit: Unit) -> str:
    """The table and the map."""
    return render_template("admin/supervision/_city.html", **_state(unit))


@blueprint.get("/-/live")
@access(SUPERVISE)
def follow_city() -> Response:
    """An event when anything changes in one of one's offices; it carries no more."""
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    events_ = events(runtime().hub, _topics())
    return Response(events_, mimetype="text/event-stream", headers=headers)


def events(hub: Hub, topics: list[str]) -> Iterator[bytes]:
    subscription = hub.subscribe(*topics)
    count = 0
    try:
        yield RETRY + _message(count, "ready")
        while True:
            try:
                subscription.get(COMMENT_EVERY_S)
            except queue.Empty:
                yield COMMENT
                continue
            # What comes while it waits is told by the same event, sent after all of it.
            time.sleep(GATHER_S)
            subscription.forget()
            count += 1
            yield _message(count, "city")
    finally:
        hub.unsubscribe(subscription)


@reads
def _topics(unit: Unit) -> list[str]:
    return [announcements.topic(office.id) for office in unit.offices_with(MAY)]


def _state(unit: Unit) -> dict[str, Any]:
    offices = unit.offices_with(MAY)
    alerts = open_alerts(unit.session)
    found = domain.glances(unit.session, unit.catalogue, offices, alerts, unit.now)
    by = request.args.get("sort", "state")
    by = by if by in COLUMNS else "state"
    _, key, largest_first = COLUMNS[by]
    other_way = request.args.get("way") == "other"
    found.sort(key=key, reverse=largest_first != other_way)
    return {
        "glances": found,
        "columns": COLUMNS,
        "by": by,
        "other_way": other_way,
        "descending": largest_first != other_way,
        "maps": city_map.drawings(found),
        "unplaced": [one for one in found if one.office.location is None],
    }


def _message(count: int, event: str) -> bytes:
    return Message("city", count, event, {"at": clock.rfc3339(clock.now())}).encoded
