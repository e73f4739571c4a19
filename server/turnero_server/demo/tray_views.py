"""The printers' trays: what came out of them, and the switches that break and mend them."""

import queue
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from babel.dates import format_time, get_timezone
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from turnero_core.i18n import N_, pick
from turnero_core.live import Hub
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import runtime
from turnero_hardware import outbox
from turnero_hardware.models import OPEN_STATES, Printer, PrintJob
from turnero_hardware.virtual_printer import Fault
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.live_stream import COMMENT, COMMENT_EVERY_S, RETRY
from turnero_server.demo import printers
from turnero_server.demo.printers import Paper
from turnero_server.printing import tray

SHOWN = 24
NAMES = {
    Fault.PAPER_OUT: N_("Take the paper out"),
    Fault.REFUSE: N_("Unplug the cable"),
    Fault.SLOW: N_("Make it slow"),
}
STATES = {
    Fault.PAPER_OUT: N_("Out of paper"),
    Fault.REFUSE: N_("Cable unplugged"),
    Fault.SLOW: N_("Slow"),
    Fault.NONE: N_("Ready"),
}


@dataclass(frozen=True)
class Device:
    """A virtual printer as it stands on the page."""

    code: str
    name: str
    place: str
    profile: str
    folder: Path
    fault: Fault
    waiting: int


def install(blueprint: Blueprint) -> None:
    blueprint.get("/demo/printer")(show)
    blueprint.get("/demo/printer/slips")(slips)
    blueprint.get("/demo/printer/live")(follow)
    blueprint.get("/demo/printer/<paper>.png")(drawing)
    blueprint.post("/demo/printer/<code>/fault")(set_fault)


@access(PUBLIC)
@reads
def show(unit: Unit) -> str:
    """Every printer with its switches, and the slips as they fell."""
    return render_template("demo/tray.html", **_shown(unit), names=NAMES, states=STATES)


@access(PUBLIC)
@reads
def slips(unit: Unit) -> str:
    """The part of the page that follows what is printed."""
    return render_template("demo/_tray.html", **_shown(unit), names=NAMES, states=STATES)


@access(PUBLIC)
@reads
def drawing(unit: Unit, paper: str) -> Response:
    """A slip as a picture of its paper, drawn from the bytes that the printer got."""
    for device in _devices(unit):
        png = printers.picture(device.folder, paper, device.profile)
        if png is not None:
            headers = {"Cache-Control": "private, max-age=86400, immutable"}
            return Response(png, mimetype="image/png", headers=headers)
    abort(404)


@access(PUBLIC)
@changes
def set_fault(unit: Unit, code: str) -> Answer:
    """Break a printer as the form says, or mend it."""
    word = request.form.get("fault", "")
    device = next((device for device in _devices(unit) if device.code == code), None)
    if device is None or word not in (Fault.NONE, *printers.FAULTS):
        abort(404)
    printers.break_it(device.folder, Fault(word))
    if word == Fault.NONE:
        printer_id = unit.session.scalars(select(Printer.id).where(Printer.code == code)).one()
        outbox.retry_now(unit.session, printer_id, unit.now)
    return redirect(url_for("demo.show"), 303)


@access(PUBLIC)
def follow() -> Response:
    """An event whenever a slip is queued, printed or put off."""
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Response(_events(runtime().hub), mimetype="text/event-stream", headers=headers)


def _events(hub: Hub) -> Iterator[bytes]:
    subscription = hub.subscribe(outbox.TOPIC)
    try:
        yield RETRY
        while True:
            try:
                message = subscription.get(COMMENT_EVERY_S)
            except queue.Empty:
                yield COMMENT
            else:
                yield message.encoded if message else b"event: retry\ndata: {}\n\n"
    finally:
        hub.unsubscribe(subscription)


def _shown(unit: Unit) -> dict[str, object]:
    devices = _devices(unit)
    fallen: list[Paper] = []
    for device in devices:
        fallen += printers.papers(device.folder, device.code, SHOWN)
    fallen.sort(key=lambda paper: paper.id, reverse=True)
    return {
        "devices": devices,
        "places": {device.code: device.place for device in devices},
        "profiles": {device.code: device.profile for device in devices},
        "papers": fallen[:SHOWN],
        "hour": partial(_hour, zone=unit.catalogue.timezone),
    }


def _hour(at: datetime, zone: str) -> str:
    return str(format_time(at, "H:mm", tzinfo=get_timezone(zone), locale="en"))


def _devices(unit: Unit) -> list[Device]:
    settings = runtime().settings
    offices = unit.catalogue.offices_by_id
    waiting = _waiting(unit.session)
    found = []
    for printer in unit.session.scalars(select(Printer).order_by(Printer.code)):
        if not printers.is_virtual(printer.uri):
            continue
        folder = tray(settings, printer.uri)
        office = offices.get(printer.office_id or "")
        place = pick(office.name) if office else printer.name
        count = waiting.get(printer.id, 0)
        fault = printers.fault_of(folder)
        found.append(
            Device(printer.code, printer.name, place, printer.profile, folder, fault, count)
        )
    return found


def _waiting(session: Session) -> dict[str, int]:
    """Printer id -> how many slips are still to come out of it."""
    query = select(PrintJob.printer_id, func.count()).where(PrintJob.state.in_(OPEN_STATES))
    return dict(session.execute(query.group_by(PrintJob.printer_id)).all())
