"""The day's list on the office's slip printer."""

from flask import Response, flash, make_response, redirect, request, url_for

from turnero_admin.calendar.blueprint import MANAGE, blueprint, day_asked, here
from turnero_admin.calendar.looks import services_text
from turnero_core.i18n import N_, gettext, pick
from turnero_core.web.access import access
from turnero_hardware import outbox
from turnero_hardware.slip import Block, Cut, Rule, Slip, Text
from turnero_queue import appointments, audit, printing
from turnero_queue.api.edge import Unit, changes
from turnero_queue.appointments import DayView
from turnero_queue.appointments.wording import clock_of, short_day
from turnero_queue.catalogue import Office

KIND = "appointments"


@blueprint.post("/list/print")
@access(MANAGE)
@changes
def print_list(unit: Unit) -> Response:
    office = here(unit)
    day = day_asked(unit, office)
    printer = printing.printer_for(unit.session, office)
    if printer is None:
        flash(gettext(N_("This office has no printer.")), "danger")
    else:
        view = appointments.day_view(unit.session, office, day, unit.now)
        outbox.enqueue(unit.session, printer, list_slip(office, view), KIND, None, unit.now)
        audit.record(
            unit.session,
            actor=unit.actor,
            action="export.appointments",
            subject=f"{day.isoformat()}, {len(view.entries)} rows, paper",
            office_id=office.id,
            now=unit.now,
        )
        flash(gettext(N_("The list comes out of “%(printer)s”."), printer=printer.name), "ok")
    address = url_for("calendar.day_list", office=office.code, day=request.values.get("day"))
    return make_response(redirect(address, 303))


def list_slip(office: Office, view: DayView) -> Slip:
    """Hour, code, name and services of each booking, in order."""
    lines: list[Block] = []
    for each in view.entries:
        if each.state == "held":
            continue
        row = each.appointment
        hour, name = clock_of(row.starts_at, office), row.name or gettext(N_("Without a name"))
        lines.append(Text(f"{hour}  {name}", bold=True))
        lines.append(Text(f"{row.code} · {services_text(each.services)}"))
    if not lines:
        lines.append(Text(gettext(N_("No appointments on this day."))))
    head = (Text(pick(office.name), bold=True), Text(short_day(view.day), size="large"), Rule())
    return Slip((*head, *lines, Cut()))
