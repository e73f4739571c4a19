"""What each change announces to the screens that listen. Announced after the commit."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from turnero_core import clock, live
from turnero_core.i18n import pick
from turnero_core.live import Message
from turnero_queue.catalogue import Catalogue, Desk
from turnero_queue.models import Ticket
from turnero_queue.waiting import code_of

# Event kinds that a hall shows and speaks; every other change of a ticket is a "queue" event.
CALL_KINDS = frozenset({"called", "recalled"})
# What every screen of every office hears: the configuration has another version.
CONFIGURATION = "configuration"


def topic(office_id: str) -> str:
    return f"office/{office_id}"


def ticket_changed(
    session: Session, office_id: str, seq: int, kind: str, data: dict[str, Any], at: datetime
) -> None:
    """Announce one ticket event; `data` of a call is what `call_data` made."""
    if kind in CALL_KINDS:
        live.announce(session, topic(office_id), seq, "call", data["call"])
    else:
        queue_changed(session, office_id, seq, kind, at)


def queue_changed(session: Session, office_id: str, seq: int, kind: str, at: datetime) -> None:
    data = {"kind": kind, "at": clock.rfc3339(at)}
    live.announce(session, topic(office_id), seq, "queue", data)


def services_changed(session: Session, office_id: str, seq: int, kind: str, at: datetime) -> None:
    """Announce that an office gives turns for a service no longer, or again."""
    data = {"kind": kind, "at": clock.rfc3339(at)}
    live.announce(session, topic(office_id), seq, "service", data)


def hall_changed(session: Session, office_id: str, seq: int, kind: str, at: datetime) -> None:
    """Announce that the message to an office's hall is another, or over."""
    data = {"kind": kind, "at": clock.rfc3339(at)}
    live.announce(session, topic(office_id), seq, "hall", data)


def appointments_topic(office_id: str) -> str:
    return f"appointments/{office_id}"


def appointments_changed(
    session: Session, office_id: str, version: int, kind: str, at: datetime
) -> None:
    """Announce that an office's appointments have changed; `version` is the calendar's."""
    data = {"kind": kind, "at": clock.rfc3339(at)}
    live.announce(session, appointments_topic(office_id), version, "appointments", data)


HELP_TOPIC = "help"


def help_changed(session: Session, office_id: str, seq: int, kind: str, at: datetime) -> None:
    """Announce that a call for help has changed: among the office's own events, where only the
    staff may hear it as such, and to pages that look at several offices."""
    live.announce(session, topic(office_id), seq, "help", {"kind": kind, "at": clock.rfc3339(at)})
    live.announce(session, HELP_TOPIC, seq, "help", {"office": office_id})


def configuration_changed(version: int, at: datetime) -> Message:
    """What each process tells its own streams once it has noticed a new version."""
    data = {"configuration": version, "at": clock.rfc3339(at)}
    return Message(CONFIGURATION, version, CONFIGURATION, data)


def call_data(
    catalogue: Catalogue, ticket: Ticket, desk: Desk, count: int, at: datetime
) -> dict[str, Any]:
    """What a hall may show of a call: a number and a desk, never a name or a document."""
    service = catalogue.services_by_id[ticket.service_id]
    return {
        "ticket": code_of(ticket.prefix, ticket.number),
        "desk": desk.code,
        "desk_name": pick(desk.name, catalogue.locale),
        "service": service.code,
        "count": count,
        "at": clock.rfc3339(at),
        "ticket_id": ticket.id,
        "language": ticket.language,
    }
