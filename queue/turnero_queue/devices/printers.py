"""Which printers an agent drives; the server drives all others."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_hardware.models import Printer
from turnero_hardware.outbox_rows import announce
from turnero_queue.devices.register import note
from turnero_queue.models.devices import Device, DeviceKind


def printers_of(session: Session, device: Device) -> list[Printer]:
    """The printers that the device drives."""
    query = select(Printer).where(Printer.device_id == device.id).order_by(Printer.code)
    return list(session.scalars(query))


def assign_printers(
    session: Session, device: Device, printers: Iterable[str], *, actor: str, now: datetime
) -> None:
    """From now on the agent drives the printers with these codes and no others; what it drove
    before, the server does. What is in somebody's hands may print again as a copy."""
    if device.kind != DeviceKind.AGENT:
        raise Conflict(N_("Only an agent drives printers."))
    wanted = set(printers)
    known = set(session.scalars(select(Printer.code).where(Printer.code.in_(wanted))))
    if wanted - known:
        said = gettext(N_("There is no printer %(code)s."), code=", ".join(sorted(wanted - known)))
        raise Invalid(errors={"printers": [said]})
    before = [printer.code for printer in printers_of(session, device)]
    for own, where in (
        (None, (Printer.device_id == device.id) & Printer.code.not_in(wanted)),
        (device.id, Printer.code.in_(wanted)),
    ):
        session.execute(update(Printer).where(where).values(device_id=own))
    after = sorted(wanted)
    note(session, "device.printers", device, actor, now, {"codes": before}, {"codes": after})
    announce(session, "device")
