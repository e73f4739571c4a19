"""Appointments at the city hall: Rosa's and others', and who looks after them."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from tests.admin.cityhall import CityHall

from turnero_core import clock
from turnero_queue import appointments, catalogue
from turnero_queue.appointments import Booker, Person
from turnero_queue.availability import Availability
from turnero_queue.models import Appointment, AuditEntry, Notice

LIMA = ZoneInfo("America/Lima")
ROSA = Person("Rosa Quispe", "rosa@example.com")
LUIS = Person("Luis Mamani")
OPTION = re.compile(r'name="start" value="([^"]+)"')


def lima(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LIMA).astimezone(UTC)


def working_day(after: int = 1) -> date:
    """A weekday so many days from today or later, on the office's calendar."""
    day = clock.local_date(clock.now(), LIMA) + timedelta(days=after)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def book(
    hall: CityHall,
    start: datetime,
    *services: str,
    person: Person = ROSA,
    office: str = "centro",
    pool: str = "public",
) -> Appointment:
    """An appointment that somebody made on the web."""
    now = clock.now()
    with hall.database.write() as session:
        town = catalogue.current(session)
        place = town.office(office)
        wanted = appointments.wish(town, place, [(code, 1) for code in services or ("rentas",)])
        held = appointments.hold(
            session, place, wanted, start, now, Booker(language="en", pool=pool)
        )
        return appointments.confirm(session, held.token, now, person)


def busy(hall: CityHall, day: date) -> None:
    """Luis has come, somebody is booking, an hour and a desk are blocked."""
    luis, now = book(hall, lima(day, 10), person=LUIS), clock.now()
    with hall.database.write() as session:
        town = catalogue.current(session)
        place = town.office("centro")
        appointments.check_in(session, luis.token, now, office=place)
        wanted = appointments.wish(town, place, [("catastro", 1)])
        appointments.hold(session, place, wanted, lima(day, 12), now)
        for start, desks in ((9, ["2"]), (14, [])):
            at, until = lima(day, start), lima(day, start + 1)
            appointments.block(session, place, at, until, "Training", "test", now, desks=desks)


def reread(hall: CityHall, booked: Appointment) -> Appointment:
    with hall.database.read() as session:
        return appointments.by_id(session, booked.id)


def all_booked(hall: CityHall) -> list[Appointment]:
    with hall.database.read() as session:
        return list(session.scalars(select(Appointment).order_by(Appointment.created_at)))


def given(hall: CityHall, office: str = "centro") -> dict[str, Availability]:
    with hall.database.read() as session:
        place = catalogue.current(session).office(office)
        return {each.code: each for each in place.availabilities}


def give(hall: CityHall, *availabilities: Availability, office: str = "centro") -> None:
    with hall.database.write() as session:
        place = catalogue.current(session).office(office)
        appointments.set_availabilities(
            session, place, availabilities, "test", clock.now(), keep_hurt=True
        )


def notices(hall: CityHall, booked: Appointment) -> list[str]:
    """The kinds of messages about one appointment, in order."""
    with hall.database.read() as session:
        query = select(Notice.kind).where(
            Notice.subject_id == booked.id, Notice.state != "withdrawn"
        )
        return list(session.scalars(query.order_by(Notice.created_at, Notice.id)))


def audited(hall: CityHall, action: str) -> list[AuditEntry]:
    with hall.database.read() as session:
        query = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq)
        return list(session.scalars(query))
