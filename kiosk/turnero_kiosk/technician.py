"""The technician's menu, hidden behind a gesture on the start screen and a code of this machine."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from turnero_core import clock
from turnero_core.errors import Forbidden, NotFound, Problem
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import PUBLIC, access
from turnero_hardware import outbox
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.scanning import Refusal
from turnero_hardware.slip import Slip
from turnero_kiosk import machine, pages, refusals, scanning, visit
from turnero_kiosk.machine import Machine
from turnero_queue import devices, printing
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.catalogue import Office
from turnero_queue.models.devices import Device, DeviceKind
from turnero_queue.trial_slip import KIND, trial_slip

STAYS = timedelta(minutes=10)
#: name -> (title, icon), in the order of the menu.
TOOLS = {
    "printer": (N_("Test print"), "printer"),
    "touch": (N_("Touch"), "hand"),
    "sound": (N_("Sound"), "volume-2"),
    "network": (N_("Network"), "arrow-right-left"),
    "scanner": (N_("Scanner"), "qr-code"),
    "screen": (N_("Screen"), "monitor"),
    "versions": (N_("Versions"), "info"),
    "restart": (N_("Restart"), "refresh-cw"),
}
WRONG = N_("That is not the code of this machine.")
NO_CODE = N_("This machine has no technician's code yet. Set one in the administration.")
blueprint = Blueprint("kiosk_technician", __name__, template_folder="templates")
pages.prepare(blueprint)
refusals.install(blueprint)
_guesses = devices.Guesses(most=5)


@blueprint.get("/kiosk/<office>/technician")
@access(PUBLIC)
@reads
def menu(unit: Unit, office: str) -> str:
    """The code pad, or the menu for whoever gave the code."""
    found = machine.office(unit.catalogue, office)
    set_up = machine.current()
    if set_up is None:
        return pages.render("technician_nobody", unit.catalogue, found)
    if not visit.is_technician(set_up.id, unit.now):
        return pages.render("technician_code", unit.catalogue, found, wrong="")
    return pages.render("technician", unit.catalogue, found, tools=TOOLS)


@blueprint.post("/kiosk/<office>/technician")
@access(PUBLIC)
@reads
def enter(unit: Unit, office: str) -> Response | tuple[str, int]:
    """Give the code: few tries a minute from one machine."""
    found = machine.office(unit.catalogue, office)
    set_up = _machine()
    device = unit.session.get_one(Device, set_up.id)
    try:
        _guesses.count(set_up.id)
    except Problem as problem:
        wrong = gettext(problem.detail)
        return pages.render("technician_code", unit.catalogue, found, wrong=wrong), 429
    if not devices.is_technician(device, request.form.get("code", "")):
        wrong = gettext(WRONG if device.technician_hash else NO_CODE)
        return pages.render("technician_code", unit.catalogue, found, wrong=wrong), 403
    _guesses.forget(set_up.id)
    visit.let_technician_in(set_up.id, unit.now + STAYS)
    return redirect(url_for("kiosk_technician.menu", office=found.code), 303)


@blueprint.get("/kiosk/<office>/technician/<tool>")
@access(PUBLIC)
@reads
def tool(unit: Unit, office: str, tool: str) -> str:
    """One of the tests."""
    found, set_up = machine.office(unit.catalogue, office), _technician()
    if tool not in TOOLS:
        raise NotFound(N_("There is no such page."))
    printer = _printer(unit, found)
    return pages.render(
        f"technician_{tool}",
        unit.catalogue,
        found,
        tool=tool,
        title=gettext(TOOLS[tool][0]),
        printer=printer,
        job=None,
        device=unit.session.get_one(Device, set_up.id),
        agent=_agent(unit, found, printer),
    )


@blueprint.post("/kiosk/<office>/technician/printer")
@access(PUBLIC)
@changes
def print_test(unit: Unit, office: str) -> Response:
    """A real slip, through the outbox like any other."""
    found, set_up = machine.office(unit.catalogue, office), _technician()
    printer = _printer(unit, found)
    if printer is None:
        raise NotFound(N_("This office has no printer."))
    slip = _slip(unit, found, set_up, printer)
    job = outbox.enqueue(unit.session, printer, slip, KIND, None, unit.now)
    address = url_for("kiosk_technician.printed", office=found.code, job=job.id)
    return redirect(address, 303)


@blueprint.get("/kiosk/<office>/technician/printer/<job>")
@access(PUBLIC)
@reads
def printed(unit: Unit, office: str, job: str) -> str:
    """What becomes of the test slip."""
    found, _ = machine.office(unit.catalogue, office), _technician()
    context: dict[str, Any] = {"printer": _printer(unit, found), "job": _job(unit, job)}
    if "X-Region" in request.headers:
        return render_template("kiosk/_test_print.html", office=found, **context)
    title = gettext(TOOLS["printer"][0])
    return pages.render("technician_printer", unit.catalogue, found, title=title, **context)


@blueprint.post("/kiosk/<office>/technician/scanner")
@access(PUBLIC)
@reads
def scanned(unit: Unit, office: str) -> str:
    """What the reader sent, and what it would mean."""
    found, _ = machine.office(unit.catalogue, office), _technician()
    text = request.form.get("text", "")
    read = scanning.read_scan(unit.catalogue, text)
    return pages.render(
        "technician_scanner",
        unit.catalogue,
        found,
        title=gettext(TOOLS["scanner"][0]),
        typed=text[:200],
        length=len(text),
        kind=type(read).__name__,
        refused=gettext(read.words) if isinstance(read, Refusal) else "",
    )


@blueprint.post("/kiosk/<office>/technician/restart")
@access(PUBLIC)
@changes
def restart(unit: Unit, office: str) -> Response:
    """Ask the program that drives this machine's printer to start again."""
    found, set_up = machine.office(unit.catalogue, office), _technician()
    agent = _agent(unit, found, _printer(unit, found))
    if agent is not None:
        actor = f"device:{set_up.code}"
        devices.tell(unit.session, agent, "restart", actor=actor, now=unit.now)
    return redirect(url_for("kiosk.start", office=found.code), 303)


def _machine() -> Machine:
    found = machine.current()
    if found is None:
        raise Forbidden(N_("This is for kiosks only."))
    return found


def _technician() -> Machine:
    found = _machine()
    if not visit.is_technician(found.id, clock.now()):
        raise Forbidden(N_("Give the technician's code first."))
    return found


def _printer(unit: Unit, office: Office) -> Printer | None:
    return printing.printer_for(unit.session, office, machine.settings().printer)


def _agent(unit: Unit, office: Office, printer: Printer | None) -> Device | None:
    """The agent that drives the printer, or else one of the office."""
    query = select(Device).where(
        Device.kind == DeviceKind.AGENT, Device.revoked_at.is_(None), Device.office_id == office.id
    )
    if printer is not None and printer.device_id is not None:
        query = select(Device).where(Device.id == printer.device_id)
    return unit.session.scalars(query.order_by(Device.code).limit(1)).one_or_none()


def _job(unit: Unit, job_id: str) -> PrintJob:
    job = unit.session.get(PrintJob, job_id)
    if job is None or job.kind != KIND:
        raise NotFound(N_("There is no such page."))
    return job


def _slip(unit: Unit, office: Office, set_up: Machine, printer: Printer) -> Slip:
    local = unit.now.astimezone(office.zone)
    lines = (
        (gettext(N_("Kiosk")), set_up.name),
        (gettext(N_("Printer")), f"{printer.code} · {printer.profile}"),
        (gettext(N_("Date")), f"{local:%Y-%m-%d %H:%M:%S}"),
    )
    return trial_slip(unit.catalogue.name, lines, set_up.code)
