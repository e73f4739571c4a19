"""How a machine gets its token: it asks and somebody approves, or somebody invites it.

Every code is stored as a digest, runs out, and is good for one token: handing that out is a
compare-and-set, so of two who try at once one gets it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, delete, select, update
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Invalid, NotFound, Unavailable
from turnero_core.i18n import N_, gettext
from turnero_queue.devices import codes, register
from turnero_queue.devices.kiosk_settings import KioskSettings
from turnero_queue.models.devices import Device, DeviceEnrolment, DeviceKind

REQUEST_LASTS = timedelta(minutes=15)
INVITE_LASTS = timedelta(hours=24)
_KEPT = timedelta(days=1)
_MOST_OPEN = 200
WRONG_CODE = N_("This code is not known, was used already or has run out.")


@dataclass(frozen=True)
class Pending:
    """A machine that asked and waits; its code stands on its own screen only."""

    id: str
    kind: str
    address: str
    version: str
    asked_at: datetime
    expires_at: datetime


def request_enrolment(
    session: Session, kind: str, now: datetime, *, version: str = "", address: str = ""
) -> tuple[str, str]:
    """A machine asks: (the code it shows to people, the secret it polls with)."""
    wanted = _kind(kind)
    session.execute(
        delete(DeviceEnrolment).where(DeviceEnrolment.expires_at < now - _KEPT),
        execution_options={"synchronize_session": False},
    )
    if len(pending(session, now)) >= _MOST_OPEN:
        raise Unavailable(N_("Too many machines are waiting to be approved."))
    code, secret = codes.fresh(), secrets.token_urlsafe(32)
    session.add(
        DeviceEnrolment(
            kind=wanted,
            code_hash=codes.code_digest(code),
            secret_hash=codes.token_hash(secret),
            version=version[:40],
            address=address[:60],
            created_at=now,
            expires_at=now + REQUEST_LASTS,
        )
    )
    session.flush()
    return code, secret


def pending(session: Session, now: datetime) -> list[Pending]:
    """The machines that wait for somebody to type their code, oldest first."""
    rows = session.scalars(
        select(DeviceEnrolment)
        .where(DeviceEnrolment.device_id.is_(None), DeviceEnrolment.expires_at > now)
        .order_by(DeviceEnrolment.created_at, DeviceEnrolment.id)
    )
    return [
        Pending(row.id, row.kind, row.address, row.version, row.created_at, row.expires_at)
        for row in rows
    ]


def approve(
    session: Session,
    code: str,
    *,
    name: str,
    office_id: str | None,
    settings: KioskSettings | None = None,
    actor: str,
    now: datetime,
) -> Device:
    """Somebody read `code` on the machine's screen and lets it in; NotFound for a wrong one."""
    row = session.scalars(
        select(DeviceEnrolment).where(
            DeviceEnrolment.code_hash == codes.code_digest(code),
            DeviceEnrolment.secret_hash.is_not(None),
            DeviceEnrolment.device_id.is_(None),
            DeviceEnrolment.expires_at > now,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(WRONG_CODE, slug="unknown-code")
    device = register.add(
        session, row.kind, name=name, office_id=office_id, settings=settings, now=now
    )
    free = (DeviceEnrolment.id == row.id) & DeviceEnrolment.device_id.is_(None)
    if not _changed(session, free, device_id=device.id, expires_at=now + REQUEST_LASTS):
        raise Conflict(N_("Somebody else was faster. Nothing was changed; look again and repeat."))
    register.note(session, "device.approve", device, actor, now, after=_told(device))
    return device


def collect(session: Session, secret: str, now: datetime) -> str | None:
    """The token of the machine that polls with `secret`, given once; None until somebody has
    approved it, NotFound when it was collected, ran out or never was."""
    row = session.scalars(
        select(DeviceEnrolment).where(DeviceEnrolment.secret_hash == codes.token_hash(secret))
    ).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise NotFound(WRONG_CODE, slug="unknown-code")
    if row.device_id is None:
        return None
    return _hand_out(session, row, now)[1]


def invite(
    session: Session,
    kind: str,
    *,
    name: str,
    office_id: str | None,
    settings: KioskSettings | None = None,
    actor: str,
    now: datetime,
) -> str:
    """The code with which one machine enrols within a day as a new device."""
    return invite_device(
        session, kind, name=name, office_id=office_id, settings=settings, actor=actor, now=now
    )[0]


def invite_device(
    session: Session,
    kind: str,
    *,
    name: str,
    office_id: str | None,
    settings: KioskSettings | None = None,
    actor: str,
    now: datetime,
) -> tuple[str, Device]:
    """The same, with the device that the code is for."""
    device = register.add(
        session, _kind(kind), name=name, office_id=office_id, settings=settings, now=now
    )
    register.note(session, "device.invite", device, actor, now, after=_told(device))
    return _invitation(session, device, now), device


def invite_again(session: Session, device: Device, *, actor: str, now: datetime) -> str:
    """A code with which a machine takes the place of an existing device: the token it has until
    then, a revocation and the installation that held it are over once the code is used."""
    session.execute(
        delete(DeviceEnrolment).where(
            DeviceEnrolment.device_id == device.id, DeviceEnrolment.used_at.is_(None)
        ),
        execution_options={"synchronize_session": False},
    )
    register.note(session, "device.invite", device, actor, now, after=_told(device))
    return _invitation(session, device, now)


def redeem(session: Session, code: str, now: datetime, *, version: str = "") -> tuple[Device, str]:
    """An invited machine gives its code: the device it is, and its token."""
    row = session.scalars(
        select(DeviceEnrolment).where(
            DeviceEnrolment.code_hash == codes.code_digest(code),
            DeviceEnrolment.secret_hash.is_(None),
            DeviceEnrolment.used_at.is_(None),
            DeviceEnrolment.expires_at > now,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(WRONG_CODE, slug="unknown-code")
    device, token = _hand_out(session, row, now)
    device.version = version[:40] or device.version
    return device, token


def _hand_out(session: Session, row: DeviceEnrolment, now: datetime) -> tuple[Device, str]:
    unused = (DeviceEnrolment.id == row.id) & DeviceEnrolment.used_at.is_(None)
    if not _changed(session, unused, used_at=now):
        raise NotFound(WRONG_CODE, slug="unknown-code")
    device = session.get_one(Device, row.device_id)
    token = codes.fresh_token()
    device.token_hash = codes.token_hash(token)
    device.enrolled_at, device.revoked_at = now, None
    device.instance = device.instance_seen_at = None
    device.version = row.version or device.version
    session.flush()
    register.note(session, "device.enrol", device, f"device:{device.code}", now)
    return device, token


def _invitation(session: Session, device: Device, now: datetime) -> str:
    code = codes.fresh()
    session.add(
        DeviceEnrolment(
            kind=device.kind,
            code_hash=codes.code_digest(code),
            device_id=device.id,
            created_at=now,
            expires_at=now + INVITE_LASTS,
        )
    )
    session.flush()
    return code


def _kind(kind: str) -> DeviceKind:
    try:
        return DeviceKind(kind)
    except ValueError as error:
        said = gettext(N_("Use one of these: %(choices)s."), choices=", ".join(DeviceKind))
        raise Invalid(errors={"kind": [said]}) from error


def _changed(session: Session, where: ColumnElement[bool], **values: object) -> bool:
    result = session.execute(
        update(DeviceEnrolment).where(where).values(**values),
        execution_options={"synchronize_session": False},
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def _told(device: Device) -> dict[str, str]:
    return {"kind": device.kind, "name": device.name}
