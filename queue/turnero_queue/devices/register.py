"""The devices there are: who holds a token, what each may do, and what it is told."""

import re
import unicodedata
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from turnero_core.errors import Invalid, NotFound, TokenNeeded
from turnero_core.i18n import N_, gettext
from turnero_hardware.outbox_rows import announce
from turnero_queue import audit
from turnero_queue.devices import codes
from turnero_queue.devices.kiosk_settings import KioskSettings
from turnero_queue.models.devices import Device, DeviceKind

COMMANDS = ("reload", "restart", "retry")
_LONGEST_NAME = 120
_UNSET: Any = object()

log = structlog.get_logger(__name__)


def add(
    session: Session,
    kind: str,
    *,
    name: str,
    office_id: str | None,
    settings: KioskSettings | None,
    now: datetime,
) -> Device:
    """A device that has no token yet; its code is made of its name."""
    name = _name(name)
    device = Device(
        code=_free_code(session, name, kind),
        kind=kind,
        name=name,
        office_id=office_id,
        settings=_stored(kind, settings),
        created_at=now,
    )
    session.add(device)
    session.flush()
    return device


def find(session: Session, code_or_id: str) -> Device:
    device = session.scalars(
        select(Device).where(or_(Device.code == code_or_id, Device.id == code_or_id))
    ).one_or_none()
    if device is None:
        raise NotFound(N_("There is no device %(code)s."), code=code_or_id)
    return device


def listed(session: Session, office_id: str | None = None) -> list[Device]:
    """Every device, the revoked ones too; of one office when it is named."""
    query = select(Device).order_by(Device.code)
    if office_id is not None:
        query = query.where(Device.office_id == office_id)
    return list(session.scalars(query))


def authenticate(session: Session, token: str, now: datetime) -> Device:
    """The device that holds `token`; TokenNeeded when none does or it was revoked."""
    device = session.scalars(
        select(Device).where(Device.token_hash == codes.token_hash(token))
    ).one_or_none()
    if device is not None and device.revoked_at is None:
        return device
    if device is not None and device.revoked_at is not None:
        # Somebody still has the machine: whoever looks for a stolen one wants to know.
        minutes = int((now - device.revoked_at).total_seconds() // 60)
        log.warning("revoked_device_asks", device=device.code, revoked_minutes_ago=minutes)
    raise TokenNeeded(N_("The token is not known or was revoked. Enrol the machine again."))


def revoke(
    session: Session, device: Device, *, actor: str, now: datetime, reason: str = ""
) -> None:
    """Refuse its token from the next request on. Its printers wait for whoever comes after it."""
    if device.revoked_at is None:
        device.revoked_at = now
        session.flush()
        note(session, "device.revoke", device, actor, now, reason=reason)
        announce(session, "device")


def rename(session: Session, device: Device, name: str, *, actor: str, now: datetime) -> None:
    """Its code, by which others know it, stays."""
    before, device.name = device.name, _name(name)
    session.flush()
    note(session, "device.rename", device, actor, now, {"name": before}, {"name": device.name})


def settings_of(device: Device) -> KioskSettings:
    return KioskSettings.from_dict(device.settings)


def update_settings(
    session: Session,
    device: Device,
    settings: KioskSettings,
    *,
    actor: str,
    now: datetime,
    office_id: str | None = _UNSET,
) -> None:
    """What a kiosk offers and, when given, where it stands; it learns so at its next heartbeat."""
    before = {"office": device.office_id, **device.settings}
    device.settings = _stored(device.kind, settings)
    if office_id is not _UNSET:
        device.office_id = office_id
    session.flush()
    after = {"office": device.office_id, **device.settings}
    note(session, "device.settings", device, actor, now, before, after)
    announce(session, "device")


def set_technician_code(
    session: Session, device: Device, code: str, *, actor: str, now: datetime
) -> None:
    """The code that opens the hidden menu of this device: 4 to 12 digits."""
    if not re.fullmatch(r"[0-9]{4,12}", code.strip()):
        raise Invalid(errors={"code": [gettext(N_("Use 4 to 12 digits."))]})
    device.technician_hash = codes.technician_digest(device.id, code)
    session.flush()
    note(session, "device.technician-code", device, actor, now)


def is_technician(device: Device, code: str) -> bool:
    """Whether `code` opens this device's menu; count the guesses where they come in."""
    return device.technician_hash == codes.technician_digest(device.id, code)


def tell(session: Session, device: Device, command: str, *, actor: str, now: datetime) -> None:
    """Have the device do something after its next heartbeat, one of COMMANDS."""
    if command not in COMMANDS:
        said = gettext(N_("Use one of these: %(choices)s."), choices=", ".join(COMMANDS))
        raise Invalid(errors={"command": [said]})
    device.commands = sorted({*device.commands, command})
    session.flush()
    note(session, f"device.{command}", device, actor, now)
    announce(session, "device")


def _stored(kind: str, settings: KioskSettings | None) -> dict[str, Any]:
    if settings is None:
        return KioskSettings().to_dict() if kind == DeviceKind.KIOSK else {}
    return settings.to_dict()


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        said = gettext(N_("Use %(low)s to %(high)s characters."), low=1, high=_LONGEST_NAME)
        raise Invalid(errors={"name": [said]})
    return name


def _free_code(session: Session, name: str, kind: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:32].strip("-") or kind
    taken = set(session.scalars(select(Device.code).where(Device.code.startswith(stem))))
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code


def note(
    session: Session,
    action: str,
    device: Device,
    actor: str,
    now: datetime,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """One entry of the audit log about `device`."""
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"device:{device.code}",
        office_id=device.office_id,
        before=before,
        after=after,
        reason=reason,
        now=now,
    )
