"""An office with many appointments, written straight into an embedded database."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from turnero_core import clock, sealed
from turnero_core.db import Database
from turnero_core.ids import new_id
from turnero_queue import appointments, catalogue, configuration
from turnero_queue.appointments import Wanted, grid
from turnero_queue.models import Appointment
from turnero_server import schema

CITY = """
municipality: {name: San Martín, timezone: America/Lima, locale: es, languages: [es], currency: PEN}
priorities:
  - {code: standard, name: {es: General}}
"""
OFFICE = """
offices:
  - code: centro
    name: {es: Centro}
    hours: {mon-fri: ["08:00-13:00", "14:00-16:00"]}
    desks:
"""


def city(services: int) -> str:
    codes = [f"service-{n}" for n in range(services)]
    every = ", ".join(codes)
    lines = ["services:"]
    lines += [
        f"  - {{code: {code}, prefix: A, name: {{es: {code}}}, duration_minutes: 15, "
        "appointments: true}"
        for code in codes
    ]
    office = [f'      - {{code: "1", name: {{es: Uno}}, services: [{every}]}}', "    availability:"]
    office += [
        f"      - {{code: a-{code}, services: [{code}], slot_minutes: 15, seats: 4, "
        f'group: g-{code}, hours: {{mon-fri: ["08:00-13:00", "14:00-16:00"]}}}}'
        for code in codes
    ]
    return CITY + "\n".join(lines) + OFFICE + "\n".join(office) + "\n"


def make(file: Path, services: int, booked: int) -> Database:
    sealed.use("bench")
    database = Database(f"sqlite:///{file}")
    schema.upgrade(database)
    with database.write() as session:
        configuration.apply(
            session, configuration.parse(city(services), "city.yaml"), actor="bench"
        )
    with database.write() as session:
        session.execute(insert(Appointment), list(rows(session, booked)))
    return database


def rows(session: Session, booked: int) -> Iterator[dict[str, Any]]:
    """Confirmed appointments, spread over the seats of the next 60 days."""
    office = catalogue.current(session).office("centro")
    today = clock.local_date(clock.now(), office.zone)
    places = [
        (given, slot, label)
        for given in office.availabilities
        for number in range(60)
        for slot in grid.make(office, given, 1, today + timedelta(days=number))
        for label in given.labels
    ]
    for number, (given, slot, label) in enumerate(random.Random(1).sample(places, booked)):  # noqa: S311 - chosen for a benchmark
        yield {
            "token": f"token-{number}", "token_digest": f"{number:064}", "code": f"{number:06}",
            "uid": f"{number}@bench", "office_id": office.id, "state": "confirmed",
            "pool": given.pool, "availability": given.code, "starts_at": slot.free.start,
            "ends_at": slot.free.end, "first_quantum": slot.first, "until_quantum": slot.until,
            "seats": label, "language": "es", "origin": "web", "created_at": clock.now(),
            "id": new_id(),
        }  # fmt: skip


def list_all(database: Database, days: int) -> int:
    """How many free slots all the services have together."""
    now = clock.now()
    with database.read() as session:
        office = catalogue.current(session).office("centro")
        first: date = clock.local_date(now, office.zone)
        last = first + timedelta(days=days)
        return sum(
            len(appointments.slots(session, office, [Wanted(service)], first, last, now))
            for service in office.services
        )


def forget(database: Database) -> None:
    """As though somebody had booked meanwhile: what is taken has to be read anew."""
    for key in [key for key in database.cache if key[0] == "appointment_occupancy"]:
        del database.cache[key]
