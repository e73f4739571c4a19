"""Tickets, desks, services and offices as the plain values that the API and the pages show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import attending, opening, order, waiting
from turnero_queue.catalogue import Catalogue, Desk, Office, Service
from turnero_queue.estimate import Estimate, Wait, of_office
from turnero_queue.models import ServicePause, Ticket, TicketEvent


def ticket(
    session: Session, catalogue: Catalogue, row: Ticket, now: datetime, base_url: str
) -> dict[str, Any]:
    """A ticket, with its place and wait while it waits."""
    place: dict[str, Any] = {"position": None, "people_ahead": None, "wait": None}
    if row.state == "waiting":
        office = catalogue.offices_by_id[row.office_id]
        place = _place(of_office(session, office, now), row.id)
    elif row.state == "called":
        place = {"position": 0, "people_ahead": 0, "wait": wait_of(None)}
    return ticket_fields(session, catalogue, row, now, base_url) | place


def ticket_fields(
    session: Session, catalogue: Catalogue, row: Ticket, now: datetime, base_url: str
) -> dict[str, Any]:
    desk = catalogue.desks_by_id.get(row.desk_id or "")
    return {
        "id": row.id,
        "code": waiting.code_of(row.prefix, row.number),
        "number": row.number,
        "office": catalogue.offices_by_id[row.office_id].code,
        "service": catalogue.services_by_id[row.service_id].code,
        "priority": catalogue.priorities_by_id[row.priority_id].code,
        "state": row.state,
        "origin": row.origin,
        "language": row.language,
        "business_day": row.business_day.isoformat(),
        "issued_at": clock.rfc3339(row.issued_at),
        "due_at": clock.rfc3339(order.due(waiting.of_ticket(row), now)),
        "called_at": _time(row.called_at),
        "serving_since": _time(row.serving_since),
        "served_s": row.served_s,
        "ended_at": _time(row.ended_at),
        "outcome": row.outcome,
        "desk": desk.code if desk else None,
        "calls": row.calls,
        "notes": row.notes,
        "status_url": f"{base_url}/t/{row.public_token}",
    }


def _place(estimate: Estimate, ticket_id: str) -> dict[str, Any]:
    position = next(
        (n for n, other in enumerate(estimate.ordered, 1) if other.id == ticket_id), None
    )
    wait = estimate.of_ticket(ticket_id)
    ahead = wait.people_ahead if wait else None
    return {"position": position, "people_ahead": ahead, "wait": wait_of(wait)}


def wait_of(wait: Wait | None) -> dict[str, Any]:
    if wait is None:
        return {"p50_s": 0, "p90_s": 0, "desks_attending": None, "why": ""}
    return {
        "p50_s": wait.p50_s,
        "p90_s": wait.p90_s,
        "desks_attending": wait.desks_attending,
        "why": wait.reason,
    }


def services_of_visit(session: Session, catalogue: Catalogue, row: Ticket) -> dict[str, list[str]]:
    """Codes of the services of a visit that are still to come."""
    remaining = attending.remaining_services(session, row)
    return {"services_remaining": [catalogue.services_by_id[key].code for key in remaining]}


def events(session: Session, catalogue: Catalogue, row: Ticket) -> list[dict[str, Any]]:
    """A ticket's history, oldest first."""
    found = session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == row.id).order_by(TicketEvent.seq)
    )
    return [
        {
            "kind": event.kind,
            "at": clock.rfc3339(event.at),
            "actor": event.actor,
            "desk": at.code if (at := catalogue.desks_by_id.get(event.desk_id or "")) else None,
            "reason": event.reason,
            "data": {key: value for key, value in event.data.items() if key != "call"},
        }
        for event in found
    ]


def queue(
    session: Session, catalogue: Catalogue, office: Office, now: datetime
) -> list[dict[str, Any]]:
    """The waiting tickets in the order they would be called, each with the reason."""
    estimate = of_office(session, office, now)
    waits = estimate.of_waiting()
    return [
        {
            "id": entry.id,
            "code": entry.code,
            "position": position,
            "people_ahead": waits[entry.id].people_ahead,
            "service": catalogue.services_by_id[entry.service_id].code,
            "priority": catalogue.priorities_by_id[entry.priority_id].code,
            "state": "waiting",
            "issued_at": clock.rfc3339(entry.issued_at),
            "due_at": clock.rfc3339(order.due(entry, now)),
            "why": why(catalogue, office, entry, now),
            "wait": wait_of(waits[entry.id]),
        }
        for position, entry in enumerate(estimate.ordered, 1)
    ]


def why(catalogue: Catalogue, office: Office, entry: order.Waiting, now: datetime) -> str:
    """The reason for a ticket's place in the office's order."""
    priority = catalogue.priorities_by_id[entry.priority_id]
    return order.why(entry, priority, office.zone, now)


def desk(
    office: Office, row: Desk, status: str, current: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "code": row.code,
        "office": office.code,
        "name": dict(row.name),
        "status": status,
        "services": [service.code for service in office.services if service.id in row.handicaps],
        "ticket": current,
    }


def office(row: Office, now: datetime, estimate: Estimate) -> dict[str, Any]:
    span = opening.open_span(row, now)
    today = now.astimezone(row.zone).date()
    following = None if span else opening.next_opening(row, now)
    return {
        "code": row.code,
        "name": dict(row.name),
        "address": row.address,
        "timezone": row.zone.key,
        "open_now": span is not None,
        "closes_at": _time(span.end if span else None),
        "opens_at": _time(following),
        "closed_because": opening.closed_reason(row, today),
        "people_waiting": len(estimate.ordered),
        "wait": _longest(estimate, row.services),
    }


def _longest(estimate: Estimate, services: Sequence[Service]) -> dict[str, Any]:
    """The wait of a new arrival for the busiest service: nobody should expect less."""
    waits = [estimate.of_arrival(service.id) for service in services]
    return wait_of(max(waits, key=lambda wait: wait.p50_s, default=None))


def service(
    catalogue: Catalogue,
    office: Office,
    row: Service,
    estimate: Estimate,
    pause: ServicePause | None = None,
) -> dict[str, Any]:
    people = sum(1 for entry in estimate.ordered if entry.service_id == row.id)
    return {
        "code": row.code,
        "prefix": row.prefix,
        "name": dict(row.name),
        "category": row.category,
        "description": dict(row.description),
        "requirements": [dict(requirement) for requirement in row.requirements],
        "place": dict(office.places.get(row.id, {})),
        "duration_s": int(row.duration.total_seconds()),
        "target_wait_s": int(row.target_wait.total_seconds()),
        "fee": money(row.fee_minor, catalogue.currency),
        "channel": row.channel,
        "appointments": row.appointments,
        "external_code": row.external_code,
        "people_waiting": people,
        "wait": wait_of(estimate.of_arrival(row.id)),
        "paused": pause is not None,
        "resumes_at": _time(pause.until if pause else None),
    }


def money(minor: int | None, currency: str) -> dict[str, str] | None:
    """Integer minor units as the contract writes money: {"amount": "15.00", "currency": "PEN"}."""
    if minor is None:
        return None
    digits = get_currency_precision(currency)
    whole, rest = divmod(minor, 10**digits)
    amount = f"{whole}.{rest:0{digits}d}" if digits else str(whole)
    return {"amount": amount, "currency": currency}


def _time(at: datetime | None) -> str | None:
    return clock.rfc3339(at) if at else None
