"""Somebody of the past takes a turn."""

from datetime import datetime, timedelta

from turnero_core.ids import new_id
from turnero_queue import models
from turnero_server.demo.past.day import Day, Turn, Values

MINUTE = timedelta(minutes=1)
# What a row says until something happens to it: all rows of a statement have the same columns.
_UNTOUCHED: Values = {
    "language": "es",
    "desk_id": None,
    "for_desk_id": None,
    "calls": 0,
    "called_at": None,
    "serving_since": None,
    "served_s": 0,
    "ended_at": None,
    "outcome": None,
    "notes": "",
}


def issue(past: Day, at: datetime, number: int) -> Turn:
    service, priority, origin = past.habits.visitor(past)
    hour = at + past.dice.choice((-10, 0, 15)) * MINUTE if origin == "appointment" else None
    counts_from = at - priority.head_start
    row: Values = {
        "id": new_id(),
        "public_token": f"past-{past.office.code}-{past.day:%Y%m%d}-{number}",
        "office_id": past.office.id,
        "business_day": past.day,
        "prefix": service.prefix,
        "number": number,
        "service_id": service.id,
        "priority_id": priority.id,
        "origin": origin,
        "issued_at": at,
        "counts_from": counts_from,
        "due_at": counts_from + service.target_wait,
        "appointment_at": hour,
        **_UNTOUCHED,
    }
    turn = Turn(row, service)
    data: Values = {}
    if not past.lucky(past.plain):
        data = {
            "service": service.code,
            "origin": origin,
            "priority": priority.code,
            "target_s": int(service.target_wait.total_seconds()),
            "paper": past.lucky(0.7),
        }
        if hour is not None:
            data["appointment_at"] = hour.isoformat()
    past.note(
        models.TicketEvent,
        at,
        ticket_id=row["id"],
        kind="issued",
        actor="kiosk:entrance",
        desk_id=None,
        reason=None,
        data=data,
    )
    past.tickets.append(turn)
    return turn
