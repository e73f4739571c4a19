"""The staff's calendar: a day or a week of an office, with who comes and what is kept free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue import catalogue, opening
from turnero_queue.appointments import blocking, calendar, quanta, states
from turnero_queue.appointments.values import Wanted
from turnero_queue.availability import desk_of, monday
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, AppointmentBlock, AppointmentService
from turnero_queue.opening import Span


@dataclass(frozen=True)
class Entry:
    """A booking as the calendar shows it; `desk` is the code of its desk when it has one."""

    appointment: Appointment
    services: tuple[Wanted, ...]
    state: str
    desk: str | None


@dataclass(frozen=True)
class DayView:
    """`desks_needed` is the most places that are taken at once: so many desks must be there."""

    day: date
    version: int
    closed: str | None
    spans: tuple[Span, ...]
    entries: tuple[Entry, ...]
    blocks: tuple[AppointmentBlock, ...]
    desks_needed: int

    def of_desk(self, code: str | None) -> tuple[Entry, ...]:
        """The entries of one desk, or (None) those without a desk of their own."""
        return tuple(entry for entry in self.entries if entry.desk == code)


def day_view(session: Session, office: Office, day: date, now: datetime) -> DayView:
    """Everything of a day but what was cancelled or never confirmed."""
    return _views(session, office, day, 1, now)[0]


def week_view(session: Session, office: Office, day: date, now: datetime) -> list[DayView]:
    """The seven days, from Monday, of the week that `day` is in."""
    return _views(session, office, monday(day), 7, now)


def _views(
    session: Session, office: Office, first: date, count: int, now: datetime
) -> list[DayView]:
    midnights = [
        datetime.combine(first + timedelta(days=n), datetime.min.time(), tzinfo=office.zone)
        for n in range(count + 1)
    ]
    version = calendar.version(session, office.id)
    entries = _entries(session, office, midnights[0], midnights[-1], now)
    kept = blocking.blocks(session, office, midnights[0], midnights[-1])
    return [
        _view(office, first + timedelta(days=n), version, midnights[n : n + 2], entries, kept)
        for n in range(count)
    ]


def _view(
    office: Office,
    day: date,
    version: int,
    ends: Sequence[datetime],
    entries: Sequence[Entry],
    kept: Sequence[AppointmentBlock],
) -> DayView:
    start, end = ends
    here = tuple(entry for entry in entries if start <= entry.appointment.starts_at < end)
    return DayView(
        day=day,
        version=version,
        closed=opening.closed_reason(office, day),
        spans=tuple(opening.spans(office, day)),
        entries=here,
        blocks=tuple(row for row in kept if row.starts_at < end and row.ends_at > start),
        desks_needed=_most_at_once(here),
    )


def _entries(
    session: Session, office: Office, start: datetime, end: datetime, now: datetime
) -> list[Entry]:
    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.office_id == office.id,
            Appointment.until_quantum > quanta.before(start),
            Appointment.starts_at >= start,
            Appointment.starts_at < end,
            Appointment.state.in_(("held", "confirmed", "checked_in", "done", "no_show")),
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .execution_options(populate_existing=True)
    ).all()
    live = [row for row in rows if not states.hold_is_over(row, now)]
    services = _services(session, [row.id for row in live])
    return [
        Entry(row, services.get(row.id, ()), row.state, desk_of(tuple(row.seats.split(","))))
        for row in live
    ]


def _services(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[Wanted, ...]]:
    known = catalogue.current(session).services_by_id
    found: dict[str, tuple[Wanted, ...]] = {}
    for link in session.scalars(
        select(AppointmentService)
        .where(AppointmentService.appointment_id.in_(ids))
        .order_by(AppointmentService.position)
    ):
        wanted = Wanted(known[link.service_id], link.quantity)
        found[link.appointment_id] = (*found.get(link.appointment_id, ()), wanted)
    return found


def _most_at_once(entries: Sequence[Entry]) -> int:
    changes: list[tuple[datetime, int]] = []
    for entry in entries:
        places = len(entry.appointment.seats.split(","))
        changes += [(entry.appointment.starts_at, places), (entry.appointment.ends_at, -places)]
    most = present = 0
    for _, change in sorted(changes):
        present += change
        most = max(most, present)
    return most
