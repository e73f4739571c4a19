"""Devices: how they enrol, what they print, and how they say that they are well."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, request
from flask_smorest import Blueprint

from turnero_core import clock
from turnero_core.errors import Conflict, Forbidden, NotFound
from turnero_core.i18n import N_
from turnero_core.web.access import PUBLIC, access
from turnero_hardware import outbox_agents
from turnero_hardware.models import Printer, PrinterState, PrintJob
from turnero_hardware.outbox_agents import Outcome
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.status import Paper
from turnero_queue import devices
from turnero_queue.api import device_edge, devices_schemas, print_claims
from turnero_queue.api.device_edge import DEVICE
from turnero_queue.api.edge import Unit, changes, reads, writes
from turnero_queue.devices import DeviceHealth, Heartbeat, PrinterReport
from turnero_queue.devices.enrolment import REQUEST_LASTS

blueprint = Blueprint("devices", __name__, description="Kiosks, agents, displays, printers.")
blueprint.before_request(device_edge.authenticate)
guesses = devices.Guesses()


@blueprint.get("/devices")
@blueprint.response(200, devices_schemas.Devices)
@access("scope:devices")
@reads
def list_devices(unit: Unit) -> dict[str, Any]:
    """Every device and printer, each with its state and what is wrong with it."""
    office_id = unit.caller.office_id if unit.caller else None
    offices = {office.id: office.code for office in unit.catalogue.offices}
    health = devices.device_health(unit.session, office_id, unit.now)
    return {"devices": [_shown(one, offices) for one in health]}


@blueprint.post("/devices/enrol")
@blueprint.arguments(devices_schemas.Enrol)
@blueprint.response(201, devices_schemas.Enrolled)
@access(PUBLIC)
@changes  # a token's first answer is its only one, whatever Idempotency-Key is sent
def enrol(unit: Unit, body: dict[str, Any]) -> dict[str, Any]:
    """Exchange the code of an invitation for the device's token, which is shown once."""
    _count_guess()
    device, token = devices.redeem(
        unit.session, body["code"], unit.now, version=body.get("version", "")
    )
    return {
        "token": token,
        "device": {"code": device.code, "name": device.name, "kind": device.kind},
        "settings": device.settings,
        "server_time": clock.rfc3339(unit.now),
    }


@blueprint.post("/devices/enrol/requests")
@blueprint.arguments(devices_schemas.AskToEnrol)
@blueprint.response(201, devices_schemas.Asked)
@access(PUBLIC)
@changes
def ask_to_enrol(unit: Unit, body: dict[str, Any]) -> dict[str, Any]:
    """A machine asks to be let in: a code for its screen, which an administrator types."""
    _count_guess()
    code, secret = devices.request_enrolment(
        unit.session,
        body["kind"],
        unit.now,
        version=body.get("version", ""),
        address=request.remote_addr or "",
    )
    return {"code": code, "secret": secret, "expires_in_s": int(REQUEST_LASTS.total_seconds())}


@blueprint.post("/devices/enrol/collect")
@blueprint.arguments(devices_schemas.Collect)
@blueprint.response(200, devices_schemas.Collected)
@blueprint.alt_response(204, description="Nobody has approved it yet.")
@access(PUBLIC)
@changes
def collect(unit: Unit, body: dict[str, Any]) -> dict[str, Any] | Response:
    """The token of a machine that asked, given once; 404 when it was given or the time is up."""
    token = devices.collect(unit.session, body["secret"], unit.now)
    if token is None:
        return make_response("", 204)
    return {"token": token, "server_time": clock.rfc3339(unit.now)}


@blueprint.post("/devices/heartbeat")
@blueprint.arguments(devices_schemas.Heartbeat)
@blueprint.response(200, devices_schemas.Answer)
@access(DEVICE)
@writes()
def heartbeat(unit: Unit, body: dict[str, Any]) -> dict[str, Any]:
    """How the device and its printers are; what it may offer, and what it is to do."""
    device = device_edge.device(unit.session)
    beat = Heartbeat(
        version=body.get("version", ""),
        time=body.get("time"),
        printers=[_told(printer) for printer in body.get("printers", ())],
        facts=body.get("facts", {}),
    )
    return devices.heartbeat(unit.session, device, beat, unit.now)


@blueprint.post("/print-jobs/claim")
@blueprint.arguments(devices_schemas.Claim)
@blueprint.response(200, devices_schemas.Claimed)
@access(DEVICE)
def claim(body: dict[str, Any]) -> dict[str, Any]:
    """The next jobs of the agent's own printers, in order; waits for some when asked to."""
    return print_claims.claim(body.get("holds", []), body.get("wait_s", 0))


@blueprint.post("/print-jobs/<uuid:job_id>/report")
@blueprint.arguments(devices_schemas.Report)
@blueprint.response(200, devices_schemas.Reported)
@access(DEVICE)
@writes()
def report(unit: Unit, body: dict[str, Any], job_id: Any) -> dict[str, Any]:
    """What became of a job; the same said twice is the same."""
    device = device_edge.agent(unit.session)
    job = unit.session.get(PrintJob, str(job_id))
    if job is None:
        raise NotFound(N_("There is no such print job."))
    if unit.session.get_one(Printer, job.printer_id).device_id != device.id:
        raise Forbidden(N_("This print job is for a printer of another device."))
    noted = outbox_agents.report(
        unit.session,
        job,
        devices.worker_name(device),
        Outcome(body["outcome"]),
        unit.now,
        error=PrinterError(body.get("error", ""), permanent=body.get("permanent", False)),
        copy=body.get("copy", False),
    )
    if not noted:
        raise Conflict(N_("This print job is in other hands by now."), slug="not-yours-any-more")
    unit.session.refresh(job)
    return {"id": job.id, "state": job.state}


def _count_guess() -> None:
    guesses.count(request.remote_addr or "")


def _told(body: Mapping[str, Any]) -> PrinterReport:
    return PrinterReport(
        body["code"],
        PrinterState(body.get("state", PrinterState.UNKNOWN)),
        Paper(body.get("paper", Paper.UNKNOWN)),
        body.get("error") or None,
    )


def _shown(health: DeviceHealth, offices: Mapping[str, str]) -> dict[str, Any]:
    seen = health.last_seen_at
    return {
        "id": health.id,
        "code": health.code,
        "kind": health.kind,
        "name": health.name,
        "office": offices.get(health.office_id or ""),
        "state": health.state,
        "reasons": [{"type": reason.slug, "text": reason.text} for reason in health.reasons],
        "last_seen_at": clock.rfc3339(seen) if seen else None,
        "paper": health.paper,
        "jobs_waiting": health.jobs_waiting,
        "version": health.version,
        "clock_offset_s": health.clock_offset_s,
        "driven_by": health.driven_by,
    }
