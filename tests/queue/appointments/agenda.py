"""San Martín with appointments, and what its people do with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests.queue.town import Town

from turnero_core import clock
from turnero_queue import appointments, catalogue
from turnero_queue.appointments import Booker, Person, Slot, Wanted, schedules
from turnero_queue.availability import Availability
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, AppointmentSeat

MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
WORKING = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ((480, 780), (840, 960)))
ALWAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ((0, 1440),))
ROSA = Person("Rosa Quispe", "rosa@example.com")
LUIS = Person("Luis Mamani", "luis@example.com")
EVA = Person("Eva Ramos")
ANA = Person("Ana Torres", None, "+51987654321")


def lima(day: date, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time of Lima, in UTC (five hours behind it all year)."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


def given(code: str = "general", **overrides: Any) -> Availability:
    """Slots of fifteen minutes in the office's hours, two places each, for three services."""
    values: dict[str, Any] = {
        "code": code,
        "services": ("rentas", "catastro", "licencias"),
        "hours": WORKING,
        "slot_minutes": 15,
        "seats": 2,
    }
    return Availability(**(values | overrides))


@dataclass
class Agenda:
    """A town's appointments, each act in a transaction of its own."""

    town: Town

    def prepare(self, *availabilities: Availability, office: str = "centro") -> None:
        services = {
            f"Service__{code}": {"appointments": True}
            for code in ("rentas", "catastro", "licencias")
        }
        self.town.configure(**services)
        with self.write() as session:
            place = catalogue.current(session).office(office)
            schedules.write(session, place.id, availabilities or (given(),))
            catalogue.bump_version(session)

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.town.database.write() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.town.database.read() as session:
            yield session

    def office(self, code: str = "centro") -> Office:
        return self.town.office(code)

    def hold(
        self, start: datetime, *services: Any, office: str = "centro", **more: Any
    ) -> Appointment:
        person = more.pop("person", Person())
        with self.write() as session:
            place = catalogue.current(session).office(office)
            return appointments.hold(
                session,
                place,
                self.wish(place, *services),
                start,
                clock.now(),
                Booker(**more),
                person,
            )

    def confirm(self, held: Appointment, person: Person = ROSA) -> Appointment:
        with self.write() as session:
            return appointments.confirm(session, held.token, clock.now(), person)

    def book(
        self, start: datetime, *services: Any, person: Person = EVA, **more: Any
    ) -> Appointment:
        return self.confirm(self.hold(start, *services, **more), person)

    def cancel(self, booked: Appointment, **more: Any) -> Appointment:
        with self.write() as session:
            return appointments.cancel(session, booked.token, clock.now(), **more)

    def reschedule(self, booked: Appointment, start: datetime, **more: Any) -> Appointment:
        with self.write() as session:
            return appointments.reschedule(session, booked.token, start, clock.now(), **more)

    def slots(
        self,
        first: date,
        last: date | None = None,
        *services: Any,
        office: str = "centro",
        **more: Any,
    ) -> list[Slot]:
        with self.read() as session:
            place = catalogue.current(session).office(office)
            wanted = self.wish(place, *services)
            return appointments.slots(
                session, place, wanted, first, last or first, clock.now(), **more
            )

    def left(self, start: datetime, *services: Any, **more: Any) -> int:
        """Places left at an instant."""
        day = start.astimezone(self.office(more.get("office", "centro")).zone).date()
        found = {slot.start: slot.seats_left for slot in self.slots(day, day, *services, **more)}
        return found.get(start, 0)

    def wish(self, office: Office, *services: Any) -> list[Wanted]:
        pairs = [each if isinstance(each, tuple) else (each, 1) for each in services or ("rentas",)]
        return [Wanted(office.service(code), count) for code, count in pairs]

    def reread(self, booked: Appointment) -> Appointment:
        with self.read() as session:
            return appointments.by_id(session, booked.id)

    def seats(self, booked: Appointment | None = None) -> int:
        """Rows of places taken, by one booking or by all."""
        query = select(func.count()).select_from(AppointmentSeat)
        if booked is not None:
            query = query.where(AppointmentSeat.appointment_id == booked.id)
        with self.read() as session:
            return session.scalar(query) or 0
