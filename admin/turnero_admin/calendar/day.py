"""The calendar: a day by desk and hour, a week at a glance, both as they are now."""

import queue
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request, url_for

from turnero_admin.calendar import layout
from turnero_admin.calendar.blueprint import MANAGE, blueprint, day_asked, here, switcher
from turnero_core import clock
from turnero_core.live import Hub, Message
from turnero_core.web.access import access
from turnero_core.web.runtime import runtime
from turnero_queue import announcements, appointments, printing
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office
from turnero_queue.permissions import Permission

DAY, WEEK = "day", "week"
COMMENT_EVERY_S = 15.0
COMMENT = b": still here\n\n"
RETRY = b"retry: 1500\n\n"


@blueprint.get("", strict_slashes=False)
@access(MANAGE)
@reads
def index(unit: Unit) -> str:
    office = here(unit)
    return render_template("admin/calendar/index.html", **_frame(unit, office), **_part(unit))


@blueprint.get("/now")
@access(MANAGE)
@reads
def now(unit: Unit) -> str:
    """The part of the page that changes."""
    return render_template(f"admin/calendar/_{_view()}.html", **_part(unit))


@blueprint.get("/list")
@access(MANAGE)
@reads
def day_list(unit: Unit) -> str:
    """The day on paper."""
    office = here(unit)
    return render_template(
        "admin/calendar/list.html",
        **_part(unit),
        switcher=None,
        printer=printing.printer_for(unit.session, office),
    )


@blueprint.get("/live")
@access(MANAGE)
def follow() -> Response:
    """An event each time the office's appointments change; it carries no more."""
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    topic = announcements.appointments_topic(_office_id())
    return Response(events(runtime().hub, topic), mimetype="text/event-stream", headers=headers)


def events(hub: Hub, topic: str) -> Iterator[bytes]:
    subscription = hub.subscribe(topic, announcements.CONFIGURATION)
    try:
        yield RETRY
        yield Message(topic, 0, "ready", {"at": clock.rfc3339(clock.now())}).encoded
        while True:
            try:
                received = subscription.get(COMMENT_EVERY_S)
            except queue.Empty:
                yield COMMENT
                continue
            number = received.id if received else 0
            yield Message(topic, number, "appointments", {}).encoded
    finally:
        hub.unsubscribe(subscription)


@reads
def _office_id(unit: Unit) -> str:
    return here(unit).id


def _view() -> str:
    return WEEK if request.args.get("view") == WEEK else DAY


def _part(unit: Unit) -> dict[str, Any]:
    """What the calendar itself shows."""
    office = here(unit)
    day = day_asked(unit, office)
    shown: dict[str, Any] = {
        "office": office,
        "day": day,
        "today": clock.local_date(unit.now, office.zone),
        "at": unit.now,
        "view": _view(),
    }
    if shown["view"] == WEEK:
        return {**shown, "week": appointments.week_view(unit.session, office, day, unit.now)}
    found = appointments.day_view(unit.session, office, day, unit.now)
    return {**shown, "shown": found, "grid": layout.grid(office, found, unit.now)}


def _frame(unit: Unit, office: Office) -> dict[str, Any]:
    day, view = day_asked(unit, office), _view()
    step = timedelta(days=7 if view == WEEK else 1)

    def address(to: date | None, view: str = view) -> str:
        return url_for("calendar.index", office=office.code, day=to, view=view)

    return {
        "previous": address(day - step),
        "following": address(day + step),
        "to_today": address(None),
        "as_day": address(day, DAY),
        "as_week": address(day, WEEK),
        "switcher": switcher(
            unit,
            office,
            "calendar.index",
            Permission.APPOINTMENTS_MANAGE,
            day=day.isoformat(),
            view=view,
        ),
    }
