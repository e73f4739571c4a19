"""Finding an appointment by what somebody can say: its code, an e-mail address, a telephone."""

from collections.abc import Sequence

from flask import Response, make_response, redirect, render_template, request, url_for

from turnero_admin.calendar.blueprint import MANAGE, blueprint
from turnero_core.errors import NotFound
from turnero_core.web.access import access
from turnero_queue import appointments
from turnero_queue.api.edge import Unit, reads
from turnero_queue.models import Appointment, Municipality
from turnero_queue.notices.contacts import normal_email, normal_phone
from turnero_queue.notices.settings import region_of
from turnero_queue.permissions import Permission

LONGEST = 254


@blueprint.get("/search")
@access(MANAGE)
@reads
def search(unit: Unit) -> Response:
    """Straight to the appointment when there is one; a list when there are more."""
    asked = request.args.get("q", "").strip()[:LONGEST]
    found = [
        row
        for row in (_found(unit, asked) if asked else ())
        if unit.caller and unit.caller.can(Permission.APPOINTMENTS_MANAGE, row.office_id)
    ]
    if len(found) == 1:
        address = url_for("calendar.one", appointment_id=found[0].id)
        return make_response(redirect(address, 303))
    page = render_template(
        "admin/calendar/search.html",
        asked=asked,
        found=[
            (row, unit.catalogue.offices_by_id[row.office_id],
             appointments.wish_of(unit.session, unit.catalogue, row))
            for row in found
        ],
        switcher=None,
    )  # fmt: skip
    return make_response(page)


def _found(unit: Unit, asked: str) -> Sequence[Appointment]:
    contact = _contact(unit, asked)
    if contact is not None:
        return appointments.of_contact(unit.session, contact, unit.now)
    try:
        return [appointments.by_code(unit.session, asked)]
    except NotFound:
        return []


def _contact(unit: Unit, asked: str) -> str | None:
    """The address in its usual form, when it is one."""
    try:
        if "@" in asked:
            return normal_email(asked)
        region = region_of(unit.session.get_one(Municipality, 1))
        return normal_phone(asked, region)
    except ValueError:
        return None
