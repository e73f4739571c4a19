"""Notes what happened for whoever subscribed, in the same transaction: what is rolled back is
never told, and what is committed is never forgotten. Nobody subscribed costs a look at a value
in memory. Numbers and codes only, nothing personal: what is told cannot be taken back."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock, live
from turnero_core.ids import new_id
from turnero_queue import catalogue
from turnero_queue.catalogue import Catalogue
from turnero_queue.models import (
    Appointment,
    AppointmentService,
    DeviceAlert,
    Payment,
    Refund,
    Ticket,
)
from turnero_queue.models.webhooks import WebhookDelivery
from turnero_queue.payments import money
from turnero_queue.waiting import code_of
from turnero_queue.webhooks.events import OF_APPOINTMENTS, OF_TICKETS

TOPIC = "webhooks"
Data = Callable[[Catalogue], dict[str, Any]]


def note(
    session: Session, event: str, office_id: str | None, at: datetime, data: Data
) -> list[WebhookDelivery]:
    """A delivery for each subscription that wants `event`; `data` is only asked for then."""
    found = catalogue.current(session)
    wanting = [hook for hook in found.webhooks if hook.wants(event, office_id)]
    if not wanting:
        return []
    office = found.offices_by_id[office_id].code if office_id else None
    body = body_of(event, office, at, data(found))
    return [put(session, hook.id, event, body, at) for hook in wanting]


def body_of(event: str, office: str | None, at: datetime, data: dict[str, Any]) -> str:
    told = {"id": new_id(), "type": event, "at": clock.rfc3339(at), "office": office, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def put(session: Session, webhook_id: str, event: str, body: str, at: datetime) -> WebhookDelivery:
    """Into the outbox; whoever sends is woken after the commit."""
    delivery = WebhookDelivery(
        id=new_id(), webhook_id=webhook_id, event=event, body=body, created_at=at, next_at=at
    )
    session.add(delivery)
    live.announce(session, TOPIC, 0, "due", {})
    return delivery


def ticket_changed(
    session: Session, ticket: Ticket, kind: str, seq: int, desk_id: str | None, at: datetime
) -> None:
    """`desk_id` is the desk that the event names, which the ticket may have left by it."""
    event = OF_TICKETS.get(kind)
    if event is None:
        return
    at_desk = desk_id or ticket.desk_id
    note(session, event, ticket.office_id, at, lambda found: _ticket(found, ticket, seq, at_desk))


def appointment_changed(
    session: Session, appointment: Appointment, kind: str, before: str, at: datetime
) -> None:
    """`before` is the state it had: what was only held and is given up is not told."""
    event = OF_APPOINTMENTS.get(kind)
    if event is None or (kind == "cancelled" and before == "held"):
        return
    office = appointment.office_id
    note(session, event, office, at, lambda found: _appointment(session, found, appointment))


def payment_approved(session: Session, payment: Payment, at: datetime) -> None:
    note(session, "payment.approved", payment.office_id, at, lambda _found: _payment(payment))


def payment_refunded(session: Session, payment: Payment, refund: Refund, at: datetime) -> None:
    def data(_found: Catalogue) -> dict[str, Any]:
        amount = money.describe(refund.amount_minor, payment.currency)
        return {**_payment(payment), "refund": refund.id, "refunded": amount}

    note(session, "payment.refunded", payment.office_id, at, data)


def alert_changed(session: Session, alert: DeviceAlert, at: datetime) -> None:
    def data(_found: Catalogue) -> dict[str, Any]:
        return {
            "alert": alert.id,
            "device": alert.code,
            "kind": alert.kind,
            "problem": alert.slug,
            "state": "cleared" if alert.cleared_at else "raised",
            "raised_at": clock.rfc3339(alert.raised_at),
        }

    note(session, "device.alert", alert.office_id, at, data)


def _ticket(found: Catalogue, ticket: Ticket, seq: int, desk_id: str | None) -> dict[str, Any]:
    desk = found.desks_by_id.get(desk_id) if desk_id else None
    return {
        "ticket": ticket.id,
        "seq": seq,
        "code": code_of(ticket.prefix, ticket.number),
        "business_day": ticket.business_day.isoformat(),
        "service": found.services_by_id[ticket.service_id].code,
        "priority": found.priorities_by_id[ticket.priority_id].code,
        "origin": ticket.origin,
        "state": ticket.state,
        "desk": desk.code if desk else None,
        "calls": ticket.calls,
        "served_s": ticket.served_s,
        "outcome": ticket.outcome,
    }


def _appointment(session: Session, found: Catalogue, appointment: Appointment) -> dict[str, Any]:
    services = session.execute(
        select(AppointmentService.service_id, AppointmentService.quantity)
        .where(AppointmentService.appointment_id == appointment.id)
        .order_by(AppointmentService.position)
    )
    return {
        "appointment": appointment.id,
        "start": clock.rfc3339(appointment.starts_at),
        "end": clock.rfc3339(appointment.ends_at),
        "services": [
            {"service": found.services_by_id[row.service_id].code, "quantity": row.quantity}
            for row in services
        ],
        "origin": appointment.origin,
        "state": appointment.state,
        "ticket": appointment.ticket_id,
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "payment": payment.id,
        "amount": money.describe(payment.amount_minor, payment.currency),
        "method": payment.method,
        "provider": payment.provider,
        "state": payment.state,
        "simulated": payment.simulated,
        "errand": payment.errand_kind,
    }
