"""One printer: its paper, its line, and what became of each slip."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import select

from turnero_admin.devices.blueprint import MANAGE, VIEW, blueprint, may, require
from turnero_admin.devices.listing import office_names
from turnero_admin.devices.one import health_of
from turnero_core.errors import Invalid, NotFound, Problem
from turnero_core.i18n import N_, gettext, ngettext
from turnero_core.web.access import access
from turnero_hardware import outbox, outbox_moves
from turnero_hardware.models import OPEN_STATES, Printer, PrintJob, PrintJobEvent
from turnero_queue import audit
from turnero_queue.api.edge import Unit, changes, reads
from turnero_queue.devices.alerts import past_alerts, words
from turnero_queue.models.devices import Device
from turnero_queue.permissions import Permission
from turnero_queue.trial_slip import KIND, trial_slip

ONE = "/printer/<code>"
MOST_JOBS = 60


@blueprint.get(ONE)
@access(VIEW)
@reads
def printer(unit: Unit, code: str) -> str:
    found = _find(unit, code, Permission.DEVICES_VIEW)
    return render_template(
        "admin/devices/printer.html",
        **_state(unit, found),
        others=_others(unit, found),
        alerts=past_alerts(unit.session, found.id),
        words=words,
    )


@blueprint.get(f"{ONE}/now")
@access(VIEW)
@reads
def printer_now(unit: Unit, code: str) -> str:
    """The part of the page that changes."""
    found = _find(unit, code, Permission.DEVICES_VIEW)
    return render_template("admin/devices/_printer.html", **_state(unit, found))


@blueprint.get(f"{ONE}/job/<job>")
@access(VIEW)
@reads
def job(unit: Unit, code: str, job: str) -> str:
    """What happened to one slip."""
    found = _find(unit, code, Permission.DEVICES_VIEW)
    slip = _job(unit, found, job)
    query = select(PrintJobEvent).where(PrintJobEvent.print_job_id == slip.id)
    return render_template(
        "admin/devices/job.html",
        printer=found,
        job=slip,
        zone=_zone(unit, found),
        events=list(unit.session.scalars(query.order_by(PrintJobEvent.at, PrintJobEvent.id))),
        may_manage=may(unit, Permission.DEVICES_MANAGE, found.office_id),
        waits=slip.state in OPEN_STATES,
    )


@blueprint.post(f"{ONE}/job/<job>/reprint")
@access(MANAGE)
@changes
def reprint(unit: Unit, code: str, job: str) -> Response:
    """The same slip once more, marked as a copy, for a reason."""
    found = _find(unit, code, Permission.DEVICES_MANAGE)
    slip = _job(unit, found, job)
    reason = request.form.get("reason", "")
    try:
        again = outbox.reprint(unit.session, slip, unit.now, unit.actor, reason=reason)
    except Problem as problem:
        flash(gettext(problem.detail, **problem.params), "danger")
        return _to_job(found, slip)
    _note(unit, "printer.reprint", found, reason=reason, after={"job": slip.id})
    flash(gettext(N_("It is in line again, marked as a copy.")), "ok")
    return _to_job(found, again)


@blueprint.post(f"{ONE}/move")
@access(MANAGE)
@changes
def move(unit: Unit, code: str) -> Response:
    """What waits for this printer comes out of another one."""
    found = _find(unit, code, Permission.DEVICES_MANAGE)
    other = _find(unit, request.form.get("to", ""), Permission.DEVICES_MANAGE)
    if other.id == found.id:
        raise Invalid(N_("Choose another printer."))
    count = outbox_moves.move_jobs(unit.session, found, other, unit.actor, unit.now)
    _note(unit, "printer.move", found, after={"to": other.code, "jobs": count})
    said = ngettext("%(count)s slip was moved.", "%(count)s slips were moved.", count, count=count)
    flash(said, "ok")
    return make_response(redirect(url_for("machines.printer", code=other.code), 303))


@blueprint.post(f"{ONE}/test")
@access(MANAGE)
@changes
def print_test(unit: Unit, code: str) -> Response:
    """A real slip, through the outbox like any other; its page says what becomes of it."""
    found = _find(unit, code, Permission.DEVICES_MANAGE)
    local = unit.now.astimezone(_zone(unit, found))
    lines = (
        (gettext(N_("Printer")), f"{found.code} · {found.profile}"),
        (gettext(N_("Date")), f"{local:%Y-%m-%d %H:%M:%S}"),
    )
    slip = trial_slip(unit.catalogue.name, lines, found.code)
    outbox.enqueue(unit.session, found, slip, KIND, None, unit.now)
    _note(unit, "printer.test", found)
    flash(gettext(N_("A test slip is in line. What becomes of it stands below.")), "ok")
    return make_response(redirect(url_for("machines.printer", code=found.code), 303))


@blueprint.post(f"{ONE}/retry")
@access(MANAGE)
@changes
def retry(unit: Unit, code: str) -> Response:
    """Somebody mended it: what waits is tried at once."""
    found = _find(unit, code, Permission.DEVICES_MANAGE)
    outbox.retry_now(unit.session, found.id, unit.now)
    _note(unit, "printer.retry", found)
    flash(gettext(N_("What waits is tried again now.")), "ok")
    return make_response(redirect(url_for("machines.printer", code=found.code), 303))


def _find(unit: Unit, code: str, permission: Permission) -> Printer:
    found = unit.session.scalars(select(Printer).where(Printer.code == code)).one_or_none()
    if found is None:
        raise NotFound(N_("There is no printer %(code)s."), code=code)
    require(unit, permission, found.office_id)
    return found


def _job(unit: Unit, printer: Printer, job_id: str) -> PrintJob:
    found = unit.session.get(PrintJob, job_id)
    if found is None or found.printer_id != printer.id:
        raise NotFound(N_("There is no such slip."))
    return found


def _state(unit: Unit, found: Printer) -> dict[str, Any]:
    jobs = (
        select(PrintJob)
        .where(PrintJob.printer_id == found.id)
        .order_by(PrintJob.created_at.desc(), PrintJob.id.desc())
        .limit(MOST_JOBS)
    )
    return {
        "printer": found,
        "health": health_of(unit, found.id),
        "agent": unit.session.get(Device, found.device_id) if found.device_id else None,
        "jobs": list(unit.session.scalars(jobs)),
        "zone": _zone(unit, found),
        "office_names": office_names(unit),
        "may_manage": may(unit, Permission.DEVICES_MANAGE, found.office_id),
    }


def _others(unit: Unit, found: Printer) -> list[Printer]:
    """Where this one's slips may go: the printers of the same office first."""
    query = select(Printer).where(Printer.id != found.id).order_by(Printer.code)
    allowed = [
        printer
        for printer in unit.session.scalars(query)
        if may(unit, Permission.DEVICES_MANAGE, printer.office_id)
    ]
    return sorted(allowed, key=lambda printer: printer.office_id != found.office_id)


def _zone(unit: Unit, printer: Printer) -> Any:
    office = unit.catalogue.offices_by_id.get(printer.office_id or "")
    return (office or unit.catalogue.offices[0]).zone


def _note(unit: Unit, action: str, printer: Printer, reason: str = "", after: Any = None) -> None:
    audit.record(
        unit.session,
        actor=unit.actor,
        action=action,
        subject=f"printer:{printer.code}",
        office_id=printer.office_id,
        after=after,
        reason=reason,
        now=unit.now,
    )


def _to_job(printer: Printer, job: PrintJob) -> Response:
    address = url_for("machines.job", code=printer.code, job=job.id)
    return make_response(redirect(address, 303))
