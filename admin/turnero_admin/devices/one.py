"""One machine: how it is, what it offers, what ailed it."""

from typing import Any

from flask import render_template
from sqlalchemy import select

from turnero_admin.devices.blueprint import VIEW, blueprint, may, require
from turnero_admin.devices.listing import office_names
from turnero_core.i18n import LANGUAGES
from turnero_core.web.access import access
from turnero_hardware.models import Printer
from turnero_queue import devices
from turnero_queue.api.edge import Unit, reads
from turnero_queue.devices import DeviceHealth, KioskSettings
from turnero_queue.devices.alerts import past_alerts, words
from turnero_queue.models.devices import Device, DeviceKind
from turnero_queue.permissions import Permission

ONE = "/device/<code>"


@blueprint.get(ONE)
@access(VIEW)
@reads
def one(unit: Unit, code: str) -> str:
    return page(unit, find(unit, code, Permission.DEVICES_VIEW))


@blueprint.get(f"{ONE}/now")
@access(VIEW)
@reads
def one_now(unit: Unit, code: str) -> str:
    """The part of the page that changes."""
    device = find(unit, code, Permission.DEVICES_VIEW)
    return render_template("admin/devices/_one.html", **_state(unit, device))


def find(unit: Unit, code: str, permission: Permission) -> Device:
    """The device of that code, where whoever asks may do that."""
    device = devices.find(unit.session, code)
    require(unit, permission, device.office_id)
    return device


def page(
    unit: Unit, device: Device, errors: dict[str, Any] | None = None, given: Any = None
) -> str:
    """The whole page; `errors` are of a form that was not saved, `given` what it said."""
    settings = devices.settings_of(device) if device.kind == DeviceKind.KIOSK else None
    return render_template(
        "admin/devices/one.html",
        **_state(unit, device),
        settings=settings,
        errors=errors or {},
        given=given,
        may_manage=may(unit, Permission.DEVICES_MANAGE, device.office_id),
        alerts=past_alerts(unit.session, device.id),
        words=words,
        **_choices(unit, device, settings),
    )


def health_of(unit: Unit, subject_id: str) -> DeviceHealth | None:
    found = devices.device_health(unit.session, None, unit.now)
    return next((health for health in found if health.id == subject_id), None)


def _state(unit: Unit, device: Device) -> dict[str, Any]:
    return {
        "device": device,
        "health": health_of(unit, device.id),
        "driven": devices.printers_of(unit.session, device),
        "office_names": office_names(unit),
    }


def _choices(unit: Unit, device: Device, settings: KioskSettings | None) -> dict[str, Any]:
    """What the forms offer: the services and printers of the office, the languages, the agents'
    printers."""
    office = unit.catalogue.offices_by_id.get(device.office_id or "")
    query = select(Printer).order_by(Printer.code)
    if office is not None:
        query = query.where((Printer.office_id == office.id) | (Printer.device_id == device.id))
    return {
        "office": office,
        "offices": unit.offices_with(Permission.DEVICES_MANAGE),
        "services": office.services if office else unit.catalogue.services,
        "languages": [code for code in unit.catalogue.languages if code in LANGUAGES],
        "printers": list(unit.session.scalars(query)),
    }
