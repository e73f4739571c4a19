"""One token, one installation: a disk that was copied must not print everything twice."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, or_, update
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue.models.devices import Device

SILENT_AFTER = timedelta(minutes=5)


def take_instance(session: Session, device: Device, instance: str, now: datetime) -> None:
    """Only one installation at a time works with a token: Conflict `device-in-use` for another
    until the first has been silent for five minutes, or somebody enrols the device again."""
    free = or_(
        Device.instance.is_(None),
        Device.instance == instance,
        Device.instance_seen_at < now - SILENT_AFTER,
    )
    result = session.execute(
        update(Device)
        .where(Device.id == device.id, free)
        .values(instance=instance, instance_seen_at=now)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise Conflict(
            N_(
                "Another installation works with this device's token. Stop one of them, or enrol "
                "this one by itself."
            ),
            slug="device-in-use",
        )


def worker_name(device: Device) -> str:
    """Who holds the jobs that this installation of the agent has claimed."""
    return f"device:{device.code}:{device.instance or ''}"
