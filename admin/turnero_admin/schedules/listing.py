"""An office's availabilities at a glance."""

from flask import render_template

from turnero_admin.calendar.blueprint import here, switcher
from turnero_admin.schedules.blueprint import EDIT, blueprint
from turnero_core.i18n import pick
from turnero_core.web.access import access
from turnero_queue.api.edge import Unit, reads
from turnero_queue.catalogue import Office
from turnero_queue.permissions import Permission


@blueprint.get("", strict_slashes=False)
@access(EDIT)
@reads
def index(unit: Unit) -> str:
    office = here(unit, Permission.SCHEDULES_EDIT)
    return render_template(
        "admin/schedules/index.html",
        office=office,
        service_names={each.code: pick(each.name) for each in office.services},
        without=_without(office),
        switcher=switcher(unit, office, "schedules.index", Permission.SCHEDULES_EDIT),
    )


def _without(office: Office) -> list[str]:
    """Services that take appointments but are given at no hour."""
    given = {code for each in office.availabilities for code in each.services}
    return [
        pick(each.name) for each in office.services if each.appointments and each.code not in given
    ]
