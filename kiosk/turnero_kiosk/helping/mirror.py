"""The kiosk's page as whoever assists sees it: the same page, in which nothing can be sent.

It is framed by the staff's page, which is told by a message what was touched and asks the kiosk
to go there. Only pages that hold nothing of the citizen are ever shown.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Blueprint, Response, g, make_response, render_template

from turnero_core.errors import Forbidden
from turnero_core.i18n import N_, set_language
from turnero_core.web.access import access
from turnero_core.web.security import CSP
from turnero_kiosk import machine, touch
from turnero_kiosk.helping import where
from turnero_queue import helping
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.models import Assistance
from turnero_queue.models.devices import Device
from turnero_queue.permissions import Permission

blueprint = Blueprint("kiosk_mirror", __name__)
blueprint.before_request(authenticate)
blueprint.context_processor(machine.context)
# No form of this page can be sent, whatever is touched in it.
_POLICY = CSP.replace("form-action 'self'", "form-action 'none'")
_VIEWS: Mapping[str, Callable[..., str]] = {
    "kiosk.choose": touch.choose,
    "kiosk.category": touch.category,
    "kiosk.sheet": touch.sheet,
}


@blueprint.get("/kiosk/<office>/mirror/<uuid:assistance_id>")
@access("can:help.answer")
def page(office: str, assistance_id: UUID) -> Response:
    """What the kiosk shows now, or that it is not to be seen."""
    at = _prepared(office, str(assistance_id))
    if at is None:
        html = render_template("helping/unseen.html")
    else:
        html = _VIEWS[at.endpoint](**at.arguments)
    return make_response(html, {"Content-Security-Policy": _POLICY})


@reads
def _prepared(unit: Unit, office: str, assistance_id: str) -> where.Where | None:
    """Make this request show the kiosk's page; None when it may not be seen."""
    found = helping.assistance(unit.session, assistance_id)
    call = helping.find(unit.session, found.call_id)
    unit.require(Permission.HELP_ANSWER, call.office_id)
    if unit.caller is None or unit.caller.id != found.staff_id:
        raise Forbidden(N_("Somebody else helps on this screen."))
    g.mirrored, g.machine = True, _machine(unit, call.device_id)
    set_language(found.language)
    return where.of_path(found.path, office) if _goes_on(unit, found) and found.path else None


def _goes_on(unit: Unit, found: Assistance) -> bool:
    call = helping.find(unit.session, found.call_id)
    minutes = unit.catalogue.offices_by_id[call.office_id].rules.help_assist_minutes
    return helping.of_call(unit.session, call.id, minutes, unit.now) is not None


def _machine(unit: Unit, device_id: str | None) -> machine.Machine | None:
    device = unit.session.get(Device, device_id) if device_id else None
    return machine.of(device) if device is not None else None
