"""Changing when an office gives appointments, and the bookings that a change would hurt."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, catalogue, opening
from turnero_queue.appointments import calendar, finding, grid, waiting_list
from turnero_queue.appointments.values import Wish, codes_of
from turnero_queue.availability import QUANTUM_MINUTES, WEEKDAYS, Availability
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment
from turnero_queue.models import Availability as Row

LONGEST_SLOT_MINUTES = 8 * 60
STEP = N_("Use a multiple of %(step)s minutes.")


def hurt_by(session: Session, changed: Office, now: datetime) -> list[Appointment]:
    """The confirmed bookings to come that `changed` has no place for any more, in order.

    `changed` is the office as it would be: other availabilities, hours, closures or holidays,
    made with dataclasses.replace.
    """
    configured = catalogue.current(session)
    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.office_id == changed.id,
            Appointment.state == "confirmed",
            Appointment.ends_at > now,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    return [
        row for row in rows if not _fits(changed, row, finding.wish_of(session, configured, row))
    ]


def hurt_everywhere(session: Session, now: datetime) -> list[tuple[Office, Appointment]]:
    """The bookings of every office that what is configured now has no place for."""
    configured = catalogue.current(session)
    return [(office, row) for office in configured.offices for row in hurt_by(session, office, now)]


def set_availabilities(
    session: Session,
    office: Office,
    given: Sequence[Availability],
    actor: str,
    now: datetime,
    *,
    keep_hurt: bool = False,
) -> list[Appointment]:
    """Make `given` the office's whole schedule; answers the bookings that it hurts.

    Raises Invalid for one that cannot be, and Conflict `bookings-hurt` with their codes when there
    are any, unless they are to be kept all the same (`keep_hurt`).
    """
    for each in given:
        check(office, each)
    calendar.change(session, office.id, "schedule", now)
    changed = replace(office, availabilities=tuple(given))
    hurt = hurt_by(session, changed, now)
    if hurt and not keep_hurt:
        raise Conflict(
            N_("%(count)s appointments would have no place any more. Move or cancel them first."),
            slug="bookings-hurt",
            extra={"appointments": [row.code for row in hurt]},
            count=len(hurt),
        )
    write(session, office.id, given)
    audit.record(
        session,
        actor=actor,
        action="appointments.schedule",
        subject=f"office:{office.code}",
        office_id=office.id,
        before=_changed(office.availabilities, given),
        after=_changed(given, office.availabilities),
        now=now,
    )
    catalogue.bump_version(session)
    waiting_list.offer(session, changed, now)
    return hurt


def opened(session: Session, office: Office, now: datetime) -> Office:
    """Hold the office's schedules for this transaction, and give it with those it has now."""
    calendar.change(session, office.id, "schedule", now)
    return catalogue.current(session).offices_by_id[office.id]


def version_of(office: Office) -> str:
    """A short text that is another one after every change of the office's availabilities."""
    plain = [_columns(each) for each in office.availabilities]
    return hashlib.sha256(json.dumps(plain, default=str, sort_keys=True).encode()).hexdigest()[:20]


def _changed(
    these: Iterable[Availability], those: Iterable[Availability]
) -> dict[str, dict[str, object]]:
    """Those of `these` that are not the same in `those`, by code, as they are written."""
    other = {each.code: each for each in those}
    return {
        each.code: {name: _plain(value) for name, value in _columns(each).items()}
        for each in these
        if other.get(each.code) != each
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def write(session: Session, office_id: str, given: Iterable[Availability]) -> None:
    """Put an office's availabilities into their table; one that is gone is taken out of use."""
    rows = {row.code: row for row in session.scalars(select(Row).where(Row.office_id == office_id))}
    kept = set()
    for position, each in enumerate(given):
        row = rows.get(each.code)
        if row is None:
            row = Row(office_id=office_id, code=each.code)
            session.add(row)
        for name, value in _columns(each).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        row.position, row.active = position, True
        kept.add(each.code)
    for code, row in rows.items():
        if code not in kept:
            row.active = False
    session.flush()


def check(office: Office, given: Availability) -> None:
    """Invalid, with the field, for an availability that could never be right."""
    errors: dict[str, list[str]] = {}
    for field, wrong in _problems(given):
        errors.setdefault(field, []).append(gettext(wrong, step=QUANTUM_MINUTES))
    if errors:
        raise Invalid(errors=errors)
    for code in given.services:
        office.service(code)
    for code in given.desks:
        office.desk(code)


def _problems(given: Availability) -> Iterator[tuple[str, str]]:
    yield from _problems_of_hours(given)
    if given.slot_minutes % QUANTUM_MINUTES or not 0 < given.slot_minutes <= LONGEST_SLOT_MINUTES:
        yield "slot_minutes", STEP
    if given.buffer_minutes % QUANTUM_MINUTES or given.buffer_minutes < 0:
        yield "buffer_minutes", STEP
    if given.first and given.last and given.last < given.first:
        yield "last", N_("It has to end after it begins.")
    if given.every_weeks > 1 and given.first is None:
        yield "first", N_("Say in which week it begins.")
    if not given.services:
        yield "services", N_("Choose at least one service.")
    if not 1 <= given.desks_needed <= len(given.labels):
        yield "seats", N_("There have to be as many places as one appointment needs.")


def _problems_of_hours(given: Availability) -> Iterator[tuple[str, str]]:
    spans = [span for day in given.hours.values() for span in day]
    if any(first >= last for first, last in spans):
        yield "hours", N_("It has to close after it opens.")
    if any(end % QUANTUM_MINUTES for span in spans for end in span):
        yield "hours", STEP


def _columns(given: Availability) -> dict[str, object]:
    same = (
        "code slot_minutes seats group pool first last every_weeks buffer_minutes lead_minutes "
        "horizon_days desks_needed"
    )
    return {
        **{name: getattr(given, name) for name in same.split()},
        "name": dict(given.name),
        "services": list(given.services),
        "desks": list(given.desks),
        "exceptions": sorted(day.isoformat() for day in given.exceptions),
        "hours": {
            day: [opening.written(span) for span in spans] for day, spans in given.hours.items()
        },
    }


def _fits(office: Office, row: Appointment, wanted: Wish) -> bool:
    day = clock.local_date(row.starts_at, office.zone)
    if not any(
        span.start <= row.starts_at and row.ends_at <= span.end
        for span in opening.spans(office, day)
    ):
        return False
    codes, places = codes_of(wanted), set(row.seats.split(","))
    return any(
        given.pool == row.pool
        and given.covers(codes)
        and given.active_on(day)
        and places.issubset(given.labels)
        and _within(office, given, row)
        for given in office.availabilities
    )


def _within(office: Office, given: Availability, row: Appointment) -> bool:
    day = clock.local_date(row.starts_at, office.zone)
    for first, last in given.hours.get(WEEKDAYS[day.weekday()], ()):
        starts, ends = (grid.instant(office, day, minute) for minute in (first, last))
        if starts <= row.starts_at.astimezone(UTC) and row.ends_at <= ends:
            return True
    return False
