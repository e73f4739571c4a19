"""What may be changed of one machine."""

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, request, url_for

from turnero_admin.devices.blueprint import MANAGE, blueprint, require
from turnero_admin.devices.enrolling import sheet
from turnero_admin.devices.one import ONE, find, page
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_core.web.access import access
from turnero_queue import devices
from turnero_queue.api.edge import Unit, changes
from turnero_queue.devices import KioskSettings
from turnero_queue.models.devices import Device
from turnero_queue.permissions import Permission

ALL = "all"


@blueprint.post(f"{ONE}/settings")
@access(MANAGE)
@changes
def set_settings(unit: Unit, code: str) -> Response:
    return _do(unit, code, _settings, N_("Saved. The kiosk follows in a moment."))


@blueprint.post(f"{ONE}/rename")
@access(MANAGE)
@changes
def rename(unit: Unit, code: str) -> Response:
    return _do(unit, code, _rename, N_("It has its new name."))


@blueprint.post(f"{ONE}/technician")
@access(MANAGE)
@changes
def set_technician(unit: Unit, code: str) -> Response:
    return _do(unit, code, _technician, N_("The technician's code is set."))


@blueprint.post(f"{ONE}/printers")
@access(MANAGE)
@changes
def set_printers(unit: Unit, code: str) -> Response:
    return _do(unit, code, _printers, N_("From now on it drives these printers."))


@blueprint.post(f"{ONE}/tell")
@access(MANAGE)
@changes
def tell(unit: Unit, code: str) -> Response:
    return _do(unit, code, _tell, N_("It will do so when it is next heard of."))


@blueprint.post(f"{ONE}/revoke")
@access(MANAGE)
@changes
def revoke(unit: Unit, code: str) -> Response:
    return _do(unit, code, _revoke, N_("It is out of service from this moment on."))


@blueprint.post(f"{ONE}/invite")
@access(MANAGE)
@changes
def invite_again(unit: Unit, code: str) -> Response:
    """A code with which a machine takes this one's place."""
    device = find(unit, code, Permission.DEVICES_MANAGE)
    enrolment = devices.invite_again(unit.session, device, actor=unit.actor, now=unit.now)
    return sheet(enrolment, device.kind, device.name)


def _do(unit: Unit, code: str, change: Callable[[Unit, Device], None], done: str) -> Response:
    """Change the machine and show its page, or show the form again with what is wrong."""
    device = find(unit, code, Permission.DEVICES_MANAGE)
    try:
        change(unit, device)
    except Invalid as problem:
        return make_response(page(unit, device, problem.extra["errors"], request.form), 422)
    flash(gettext(done), "ok")
    return make_response(redirect(url_for("machines.one", code=device.code), 303))


def _settings(unit: Unit, device: Device) -> None:
    form = request.form
    volume = form.get("volume", "")
    wanted = KioskSettings.from_dict(
        {
            "services": None if form.get("which") == ALL else form.getlist("services"),
            "languages": form.getlist("languages"),
            "payment": "payment" in form,
            "appointments": "appointments" in form,
            "printer": form.get("printer") or None,
            "screen_on": form.get("screen_on") or None,
            "screen_off": form.get("screen_off") or None,
            "volume": int(volume) if volume.isascii() and volume.isdecimal() else volume,
            "extra_offices": form.getlist("extra_offices"),
        }
    )
    office = unit.catalogue.office(form["office"]) if form.get("office") else None
    office_id = office.id if office else None
    require(unit, Permission.DEVICES_MANAGE, office_id)
    devices.update_settings(
        unit.session, device, wanted, actor=unit.actor, now=unit.now, office_id=office_id
    )


def _rename(unit: Unit, device: Device) -> None:
    name = request.form.get("name", "")
    devices.rename(unit.session, device, name, actor=unit.actor, now=unit.now)


def _technician(unit: Unit, device: Device) -> None:
    try:
        devices.set_technician_code(
            unit.session, device, request.form.get("code", ""), actor=unit.actor, now=unit.now
        )
    except Invalid as problem:
        raise Invalid(errors={"technician": problem.extra["errors"]["code"]}) from problem


def _printers(unit: Unit, device: Device) -> None:
    wanted = request.form.getlist("printers")
    devices.assign_printers(unit.session, device, wanted, actor=unit.actor, now=unit.now)


def _tell(unit: Unit, device: Device) -> None:
    command = request.form.get("command", "")
    devices.tell(unit.session, device, command, actor=unit.actor, now=unit.now)


def _revoke(unit: Unit, device: Device) -> None:
    reason = " ".join(request.form.get("reason", "").split())[:300]
    devices.revoke(unit.session, device, actor=unit.actor, now=unit.now, reason=reason)
