"""Appointments as the API and the pages show them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue.appointments import finding, states
from turnero_queue.appointments.values import Slot
from turnero_queue.availability import desk_of
from turnero_queue.catalogue import Catalogue
from turnero_queue.models import Appointment

OPEN = frozenset({"held", "confirmed", "checked_in"})


def slots(found: Iterable[Slot]) -> list[dict[str, Any]]:
    return [
        {"start": instant(slot.start), "end": instant(slot.end), "seats_left": slot.seats_left}
        for slot in found
    ]


def appointment(
    session: Session, configured: Catalogue, row: Appointment, now: datetime, base_url: str
) -> dict[str, Any]:
    """Everything but who it is for; see `contact`."""
    office = configured.offices_by_id[row.office_id]
    state = states.of(row, now)
    wanted = finding.wish_of(session, configured, row)
    return {
        "token": row.token,
        "code": row.code,
        "state": state,
        "office": office.code,
        "services": [{"service": each.service.code, "quantity": each.quantity} for each in wanted],
        "start": instant(row.starts_at),
        "end": instant(row.ends_at),
        "timezone": office.zone.key,
        "desk": desk_of(tuple(row.seats.split(","))),
        "language": row.language,
        "uid": row.uid,
        "sequence": row.sequence,
        "expires_at": clock.rfc3339(row.expires_at) if row.expires_at else None,
        "manage_url": f"{base_url}/appointments/{row.token}",
        "ticket_id": row.ticket_id,
    }


def contact(row: Appointment, now: datetime) -> dict[str, str | None] | None:
    """Who it is for; once it is over, its link tells nothing of them any more."""
    if states.of(row, now) not in OPEN:
        return None
    return {"name": row.name, "email": row.email, "phone": row.phone}


def instant(at: datetime) -> str:
    """A whole second in UTC, as slots are written: 2026-03-03T14:00:00Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
