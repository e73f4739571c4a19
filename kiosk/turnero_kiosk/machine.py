"""The machine behind a kiosk's screen: which device it is, and what it may offer.

A machine that was enrolled proves itself with a cookie that no script can read. A browser without
one is only looking, and is offered everything, unless the rule `kiosks_must_be_enrolled` is set.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from json import dumps
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from turnero_core import clock
from turnero_core.errors import NotFound, Unauthorized
from turnero_core.i18n import N_
from turnero_core.web.runtime import runtime
from turnero_queue import catalogue, devices
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.devices import KioskSettings
from turnero_queue.models.devices import Device, DeviceKind

COOKIE = "turnero_device"
#: Of the program; a kiosk tells which one its page is of.
VERSION = version("turnero")
PATH = "/kiosk"
YEARS_S = 10 * 365 * 24 * 3600
#: Pages that a machine needs while it is nobody yet, or no longer.
_FREE = ("kiosk.static", "kiosk.offices", "kiosk_setup.", "kiosk_machine.")

#: What pages are for, by how their endpoints begin; a machine may be kept from offering it.
_NEEDS = {
    "kiosk_booking.": "appointments",
    "kiosk_arriving.": "appointments",
    "kiosk_debts.": "payment",
    "kiosk_payment.": "payment",
    "kiosk_receipt.": "payment",
    "kiosk_certificate.": "payment",
}


@dataclass(frozen=True)
class Machine:
    """An enrolled kiosk. `mark` changes with whatever its screen has to show differently."""

    id: str
    code: str
    name: str
    office_id: str | None
    settings: KioskSettings
    mark: str


def current() -> Machine | None:
    """The enrolled kiosk that asks, if it is one."""
    found: Machine | None = g.get("machine")
    return found


def settings() -> KioskSettings:
    """What this screen may offer: everything where no machine was set up."""
    machine = current()
    return machine.settings if machine else KioskSettings()


def token() -> str | None:
    return request.cookies.get(COOKIE)


def remember(answer: Response, token: str) -> None:
    """This browser is the device that holds `token` from now on."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=YEARS_S,
        path=PATH,
        httponly=True,
        secure=request.is_secure,
        samesite="Strict",
    )


def admit() -> Response | tuple[str, int] | None:
    """Before a kiosk's page: who asks, and whether this page is for them."""
    g.machine = None
    if (request.endpoint or "").startswith(_FREE):
        return None
    held = token()
    if held is None:
        return _setup_first()
    try:
        g.machine = look_up(held)
    except Unauthorized:
        return render_template("kiosk/retired.html"), 403
    return _within_its_offices(g.machine)


def look_up(held: str) -> Machine:
    """The kiosk that holds this token; Unauthorized when none does or it was revoked."""
    with runtime().database.read() as session:
        return of(devices.authenticate(session, held, clock.now()))


def of(device: Device) -> Machine:
    if device.kind != DeviceKind.KIOSK:
        raise Unauthorized(N_("The token is not known or was revoked."))
    told = dumps([device.settings, device.office_id, device.name], sort_keys=True)
    return Machine(
        device.id,
        device.code,
        device.name,
        device.office_id,
        devices.settings_of(device),
        sha256(told.encode()).hexdigest()[:12],
    )


def offices(found: Catalogue, machine: Machine) -> list[Office]:
    """The offices that a machine gives turns for, its own first; all where it has none."""
    extra = machine.settings.extra_offices
    wanted = [
        office for office in found.offices if office.id == machine.office_id or office.code in extra
    ]
    wanted.sort(key=lambda office: office.id != machine.office_id)
    return wanted if machine.office_id or extra else list(found.offices)


def office(found: Catalogue, code: str) -> Office:
    """The office with what this machine may offer of it."""
    whole = found.office(code)
    wanted = settings().services
    if wanted is None:
        return whole
    return replace(whole, services=tuple(s for s in whole.services if s.code in wanted))


def whole(found: Catalogue, office: Office) -> Office:
    """The office as it is: estimates count everybody, whatever this machine offers."""
    return found.offices_by_id[office.id]


def narrowed(found: Catalogue) -> Catalogue:
    """The municipality's configuration with the languages that this machine speaks."""
    wanted = settings().languages
    spoken = tuple(code for code in found.languages if wanted is None or code in wanted)
    if wanted is None or not spoken:
        return found
    main = found.locale if found.locale.split("-")[0] in spoken else spoken[0]
    return replace(found, languages=spoken, locale=main)


def context() -> dict[str, Any]:
    """What every screen's template knows of its machine."""
    return {"machine": current(), "offers": settings(), "page_version": VERSION}


def _within_its_offices(machine: Machine) -> Response | None:
    asked = (request.view_args or {}).get("office")
    if not _is_offered(machine):
        raise NotFound(N_("This machine does not offer that."))
    if asked is None:
        return None
    with runtime().database.read() as session:
        allowed = offices(catalogue.current(session), machine)
    if any(office.code == asked for office in allowed):
        return None
    if request.method != "GET" or not allowed:
        raise NotFound(N_("There is no office %(office)s."), office=asked)
    return redirect(url_for("kiosk.start", office=allowed[0].code))


def _is_offered(machine: Machine) -> bool:
    endpoint = request.endpoint or ""
    offered = {"appointments": machine.settings.appointments, "payment": machine.settings.payment}
    return all(offered[thing] or not endpoint.startswith(begin) for begin, thing in _NEEDS.items())


def _setup_first() -> Response | None:
    asked = (request.view_args or {}).get("office")
    with runtime().database.read() as session:
        found = catalogue.current(session)
    bound = [office for office in found.offices if office.rules.kiosks_must_be_enrolled]
    if asked is None or not any(office.code == asked for office in bound):
        return None
    return redirect(url_for("kiosk_setup.begin"))
