"""What an office needs before it can give its first turn, and what it has of it."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select

from turnero_core.i18n import N_, pick
from turnero_queue.api import signed_in
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Office
from turnero_queue.models import Device, DeviceKind, StaffRole
from turnero_queue.permissions import ALLOWED, Permission


@dataclass(frozen=True)
class Step:
    """`href` is empty where whoever looks may not do it."""

    title: str
    text: str
    icon: str
    done: bool
    href: str
    needed: bool = True


def steps(unit: Unit, office: Office) -> list[Step]:
    code = office.code
    return [
        Step(
            N_("Opening hours"),
            N_("When people can come"),
            "clock",
            bool(office.hours),
            url_for("configuration.hours", office=code),
        ),
        Step(
            N_("Services here"),
            N_("What this office attends"),
            "file-text",
            bool(office.services),
            url_for("configuration.offers", office=code),
        ),
        Step(
            N_("Desks of the office"),
            N_("Where people are called to, and what for"),
            "monitor",
            bool(office.desks) and not unattended(office),
            url_for("configuration.desks", office=code),
        ),
        Step(
            N_("Kiosk"),
            N_("Where people take their turn: print its enrolment code"),
            "monitor-smartphone",
            _has_kiosk(unit, office),
            url_for("machines.new", office=code, kind="kiosk")
            if _may(Permission.DEVICES_MANAGE, office)
            else "",
            needed=False,
        ),
        Step(
            N_("Staff here"),
            N_("Who works here, with which role"),
            "users",
            _has_staff(unit, office),
            url_for("panel.staff", office=code) if _may(Permission.STAFF_MANAGE, office) else "",
            needed=False,
        ),
    ]


def unattended(office: Office) -> list[str]:
    """The names of the services that no desk of the office attends: who takes one waits in vain."""
    attended = {service for desk in office.desks for service in desk.handicaps}
    return [pick(service.name) for service in office.services if service.id not in attended]


def _may(permission: Permission, office: Office) -> bool:
    person = signed_in.person()
    return person is not None and person.can(permission, office.id)


def _has_kiosk(unit: Unit, office: Office) -> bool:
    query = select(func.count(Device.id)).where(
        Device.office_id == office.id,
        Device.kind == DeviceKind.KIOSK,
        Device.revoked_at.is_(None),
    )
    return bool(unit.session.scalar(query))


def _has_staff(unit: Unit, office: Office) -> bool:
    """Whether anybody who attends at desks works here, in this office or in all."""
    roles = [role for role, allowed in ALLOWED.items() if Permission.DESK_ATTEND in allowed]
    query = select(func.count()).where(
        StaffRole.role.in_(roles),
        (StaffRole.office_id == office.id) | StaffRole.office_id.is_(None),
    )
    return bool(unit.session.scalar(query))
