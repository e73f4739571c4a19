"""Who asks when a device does: its token, and of agents the one installation that may use it."""

from dataclasses import dataclass

from flask import g, request
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Forbidden, Invalid, TokenNeeded
from turnero_core.i18n import N_, gettext
from turnero_core.web import access
from turnero_core.web.runtime import runtime
from turnero_queue import devices
from turnero_queue.api import edge
from turnero_queue.models.devices import Device, DeviceKind
from turnero_queue.tokens import Caller

DEVICE = "device"
INSTANCE = "Turnero-Instance"


@dataclass(frozen=True)
class Asking:
    token: str
    instance: str


def authenticate() -> None:
    """Before a request: a device where the route is a device's, else as everywhere."""
    if DEVICE not in access.of_request():
        edge.authenticate()
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenNeeded(N_("Send “Authorization: Bearer” with the device's token."))
    if not token.strip().startswith(devices.PREFIX):
        edge.token_holder()
        raise Forbidden(N_("This is for devices, with the token of their enrolment."))
    g.asking = Asking(token.strip(), request.headers.get(INSTANCE, "").strip()[:64])
    with runtime().database.read() as session:
        device = devices.authenticate(session, g.asking.token, clock.now())
    actor = f"device:{device.code}"
    g.caller = Caller(device.id, actor, frozenset(), device.office_id)


def token() -> str:
    """The token that this request proved itself with."""
    asking: Asking = g.asking
    return asking.token


def device(session: Session) -> Device:
    """The device that asks, in a unit of work that writes: looked up anew, for it may have been
    revoked since the request began."""
    found = devices.authenticate(session, g.asking.token, clock.now())
    if found.kind == DeviceKind.AGENT:
        if not g.asking.instance:
            said = gettext(N_("Send one name for each installation of an agent."))
            raise Invalid(errors={INSTANCE: [said]})
        devices.take_instance(session, found, g.asking.instance, clock.now())
    return found


def agent(session: Session) -> Device:
    """The same, when it is one that drives printers."""
    found = device(session)
    if found.kind != DeviceKind.AGENT:
        raise Forbidden(N_("Only an agent drives printers."))
    return found
