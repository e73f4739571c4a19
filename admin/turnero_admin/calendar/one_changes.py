"""What the staff do about one appointment."""

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, request, url_for

from turnero_admin.calendar.blueprint import MANAGE, blueprint, instant, reason_asked, said
from turnero_admin.calendar.one import ONE, find, pool_asked
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_core.web.runtime import base_url
from turnero_queue import appointments, audit, printing, waiting
from turnero_queue.api.edge import Unit, changes
from turnero_queue.api.theme import paper_logo
from turnero_queue.appointments import slips, telling
from turnero_queue.models import Appointment

# Refusals of a check-in that the staff may go over, with a reason.
MAY_FORCE = ("too-early", "too-late")
Act = Callable[[Unit, Appointment], str]


@blueprint.post(f"{ONE}/check-in")
@access(MANAGE)
def check_in(appointment_id: str) -> Response:
    return _do(appointment_id, _check_in)


@blueprint.post(f"{ONE}/move")
@access(MANAGE)
def move(appointment_id: str) -> Response:
    return _do(appointment_id, _move)


@blueprint.post(f"{ONE}/cancel")
@access(MANAGE)
def cancel(appointment_id: str) -> Response:
    return _do(appointment_id, _cancel)


@blueprint.post(f"{ONE}/print")
@access(MANAGE)
def print_again(appointment_id: str) -> Response:
    return _do(appointment_id, _print)


@blueprint.post(f"{ONE}/resend")
@access(MANAGE)
def resend(appointment_id: str) -> Response:
    return _do(appointment_id, _resend)


def _do(appointment_id: str, act: Act) -> Response:
    """`act` in one transaction and back to the appointment; a refusal changes nothing."""

    @changes
    def committed(unit: Unit) -> str:
        return act(unit, find(unit, appointment_id))

    refused = None
    try:
        flash(committed(), "ok")
    except (Conflict, Invalid) as problem:
        flash(said(problem), "danger")
        refused = problem.slug if problem.slug in MAY_FORCE else None
        if act is _move:
            return _back(appointment_id, move=request.form.get("day"), pool=pool_asked())
    return _back(appointment_id, refused=refused)


def _back(appointment_id: str, **asked: str | None) -> Response:
    address = url_for("calendar.one", appointment_id=appointment_id, **asked)  # type: ignore[arg-type]
    return make_response(redirect(address, 303))


def _check_in(unit: Unit, found: Appointment) -> str:
    office = unit.catalogue.offices_by_id[found.office_id]
    force = "force" in request.form
    reason = reason_asked() if force else ""
    arrival = appointments.check_in(
        unit.session, found.token, unit.now, office=office, actor=unit.actor, force=force
    )
    if force:
        note(unit, "appointment.check-in-forced", found, reason)
    printer = printing.printer_for(unit.session, office)
    ticket = arrival.ticket
    if printer is not None and "paper" in request.form:
        printing.print_ticket(
            unit.session, unit.catalogue, ticket, printer, base_url(), unit.now, paper_logo()
        )
    code = waiting.code_of(ticket.prefix, ticket.number)
    return gettext(N_("Checked in. The turn is %(ticket)s."), ticket=code)


def _move(unit: Unit, found: Appointment) -> str:
    reason = " ".join(request.form.get("reason", "").split())[:300]
    before = found.starts_at
    appointments.move(
        unit.session,
        found,
        instant(request.form.get("start", "")),
        unit.now,
        actor=unit.actor,
        reason=reason,
        pool=pool_asked(found.pool),
    )
    if found.starts_at != before:
        note(unit, "appointment.move", found, reason)
    if telling.reachable(found):
        return gettext(N_("Moved. The person is told of the new hour."))
    return gettext(N_("Moved. Tell the person: there is no address to write to."))


def _cancel(unit: Unit, found: Appointment) -> str:
    reason = reason_asked()
    appointments.call_off(unit.session, found, unit.now, actor=unit.actor, reason=reason)
    note(unit, "appointment.cancel", found, reason)
    if telling.reachable(found):
        return gettext(N_("Cancelled. The person is told, and the hour is free again."))
    return gettext(N_("Cancelled, and the hour is free again. There is no address to write to."))


def _print(unit: Unit, found: Appointment) -> str:
    office = unit.catalogue.offices_by_id[found.office_id]
    printer = printing.printer_for(unit.session, office)
    if printer is None:
        raise Conflict(N_("This office has no printer."))
    slips.print_appointment(
        unit.session, unit.catalogue, found, printer, base_url(), unit.now, paper_logo()
    )
    note(unit, "appointment.print", found)
    return gettext(N_("Its slip comes out of “%(printer)s”."), printer=printer.name)


def _resend(unit: Unit, found: Appointment) -> str:
    if found.state != "confirmed" or not telling.again(unit.session, found, unit.now):
        raise Conflict(N_("There is nobody to write to, or nothing to confirm."))
    note(unit, "appointment.resend", found)
    return gettext(N_("The confirmation is on its way once more."))


def note(unit: Unit, action: str, found: Appointment, reason: str = "") -> None:
    """Tell the audit log what was done by hand; of the person it learns nothing."""
    audit.record(
        unit.session,
        actor=unit.actor,
        action=action,
        subject=f"appointment:{found.code}",
        office_id=found.office_id,
        reason=reason,
        now=unit.now,
    )
