"""Values of the catalogue and of the order, for tests of pure functions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from turnero_queue.catalogue import Desk, Office, Priority, Service
from turnero_queue.opening import minutes_of_day
from turnero_queue.order import Due, Waiting
from turnero_queue.rules import Rules

NINE = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # 09:00 in Lima
LIMA = ZoneInfo("America/Lima")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def service(code: str = "rentas", target: float = 20, duration: float = 10) -> Service:
    return Service(
        id=code,
        code=code,
        prefix=code[0].upper(),
        name={"es": code},
        category=None,
        description={},
        requirements=(),
        place={},
        icon=None,
        duration=minutes(duration),
        target_wait=minutes(target),
        fee_minor=None,
        channel="in_person",
        appointments=True,
        external_code=None,
        daily_limit=None,
    )


def priority(code: str = "standard", head_start: float = 0) -> Priority:
    return Priority(code, code, {"es": code}, {}, None, minutes(head_start))


def desk(code: str = "1", *services: str, **handicaps: float) -> Desk:
    """Attends `services` at once and those of `handicaps` that many minutes later."""
    attended = dict.fromkeys(services, minutes(0))
    return Desk(code, code, {}, attended | {key: minutes(n) for key, n in handicaps.items()})


def office(zone: str = "America/Lima", **overrides: Any) -> Office:
    """Open on weekdays from 8 to 13 and 14 to 16; `hours` as the configuration writes them."""
    weekdays = {key: ["08:00-13:00", "14:00-16:00"] for key in ("mon", "tue", "wed", "thu", "fri")}
    hours = overrides.pop("hours", weekdays)
    values: dict[str, Any] = {
        "id": "centro",
        "code": "centro",
        "name": {},
        "address": "",
        "zone": ZoneInfo(zone),
        "hours": {day: tuple(map(minutes_of_day, spans)) for day, spans in hours.items()},
        "holidays": None,
        "closures": (),
        "rules": Rules(),
        "services": (service(),),
        "limits": {},
        "places": {},
        "desks": (desk("1", "rentas"),),
    }
    return Office(**(values | overrides))


def waiting(seq: int, due: Due, issued_at: datetime = NINE, **overrides: Any) -> Waiting:
    values: dict[str, Any] = {
        "id": f"ticket-{seq}",
        "code": f"R{seq:03d}",
        "seq": seq,
        "service_id": "rentas",
        "priority_id": "standard",
        "issued_at": issued_at,
        "counts_from": due.counts_from,
        "due_at": due.due_at,
        "appointment_at": due.appointment_at,
        "for_desk_id": None,
    }
    return Waiting(**(values | overrides))
