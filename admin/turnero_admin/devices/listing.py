"""Every machine at a glance."""

from typing import Any

from flask import render_template, request
from sqlalchemy import select

from turnero_admin.devices.blueprint import VIEW, blueprint, may
from turnero_admin.panel import offices
from turnero_core.web.access import access
from turnero_queue import devices
from turnero_queue.api.edge import Unit, reads
from turnero_queue.devices import DeviceHealth, HealthState, alert_hook
from turnero_queue.devices.alerts import rules_for
from turnero_queue.models.devices import Device
from turnero_queue.permissions import Permission

_WORST = tuple(HealthState(word) for word in ("offline", "trouble", "warning", "never", "ok"))


@blueprint.get("", strict_slashes=False)
@access(VIEW)
@reads
def index(unit: Unit) -> str:
    return render_template(
        "admin/devices/index.html",
        **_found(unit),
        pending=devices.pending(unit.session, unit.now),
        may_manage=_may_manage(unit),
        hook_key=alert_hook.key() if _may_manage(unit) else "",
        rules=_rules(unit),
    )


@blueprint.get("/now")
@access(VIEW)
@reads
def now(unit: Unit) -> str:
    """The part of the page that changes."""
    return render_template("admin/devices/_list.html", **_found(unit))


def office_names(unit: Unit) -> dict[str, Any]:
    return {office.id: office.name for office in unit.catalogue.offices_by_id.values()}


def _found(unit: Unit) -> dict[str, Any]:
    chosen = offices.chosen(unit, Permission.DEVICES_VIEW)
    office_id = chosen.id if chosen else None
    found = [
        health
        for health in devices.device_health(unit.session, office_id, unit.now)
        if may(unit, Permission.DEVICES_VIEW, health.office_id)
    ]
    found.sort(key=lambda health: (_WORST.index(health.state), health.kind, health.code))
    return {
        "found": found,
        "counts": _counts(found),
        "revoked": _revoked(unit, office_id),
        "office_names": office_names(unit),
        "asked_office": request.args.get("office"),
    }


def _counts(found: list[DeviceHealth]) -> dict[HealthState, int]:
    return {state: sum(health.state == state for health in found) for state in _WORST}


def _revoked(unit: Unit, office_id: str | None) -> list[Device]:
    query = select(Device).where(Device.revoked_at.is_not(None)).order_by(Device.code)
    return [
        device
        for device in unit.session.scalars(query)
        if office_id in (None, device.office_id)
        and may(unit, Permission.DEVICES_VIEW, device.office_id)
    ]


def _may_manage(unit: Unit) -> bool:
    return unit.caller is not None and unit.caller.can(Permission.DEVICES_MANAGE)


def _rules(unit: Unit) -> Any:
    return rules_for(unit.session, None)
