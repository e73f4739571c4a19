"""Booking: a hold that takes places, and the confirmation that keeps them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, make_transient_to_detached

from turnero_core import sealed
from turnero_core.db import Base
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_core.ids import new_id, new_secret
from turnero_queue import catalogue
from turnero_queue.appointments import (
    calendar,
    choosing,
    codes,
    finding,
    limits,
    persons,
    seats,
    states,
    telling,
    wishes,
)
from turnero_queue.appointments.choosing import Choice
from turnero_queue.appointments.values import CITIZEN, NOBODY, Booker, Person, Wish
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, AppointmentService

# How often another code is tried when one is taken, before giving up.
TRIES = 5
_INSERT = insert(Base.metadata.tables[Appointment.__tablename__])
_INSERT_SERVICES = insert(Base.metadata.tables[AppointmentService.__tablename__])


def hold(
    session: Session,
    office: Office,
    wanted: Wish,
    start: datetime,
    now: datetime,
    booker: Booker = CITIZEN,
    person: Person = NOBODY,
    *,
    keep_for: timedelta | None = None,
) -> Appointment:
    """Take places for `wanted` at `start`, to be confirmed until `expires_at`.

    Raises Invalid for a start or contact that cannot be used, Conflict `slot-full` or
    `slot-unavailable` with the next free hours, `too-many-appointments`, or TooMany.
    """
    contact = persons.check(session, person, booker.language)
    calendar.change(session, office.id, "held", now)
    limits.check_address(session, office, booker, now)
    limits.check_contact(session, office, contact, now)
    choice = choosing.choose(
        session, office, wanted, start, now, booker.pool, lead=booker.origin != "staff"
    )
    for appointment_id in choice.over:
        states.expire(session, appointment_id, now)
    minutes = timedelta(minutes=office.rules.appointment_hold_minutes)
    values = {
        **_values(office, choice, booker, now),
        **persons.columns(contact),
        "expires_at": now + (keep_for or minutes),
    }
    appointment = _insert(session, office, wanted, values, choice)
    states.record(session, appointment.id, "held", booker.actor, now)
    return appointment


def confirm(
    session: Session,
    token: str,
    now: datetime,
    person: Person = NOBODY,
    *,
    actor: str = "citizen",
) -> Appointment:
    """Keep what was held, for `person`; once confirmed, confirming again changes nothing.

    Raises NotFound for a token that is none, Conflict `hold-expired` or `appointment-over`.
    """
    return keep(session, finding.by_token(session, token), now, person, actor=actor)


def keep(
    session: Session,
    appointment: Appointment,
    now: datetime,
    person: Person = NOBODY,
    *,
    actor: str = "citizen",
) -> Appointment:
    """The same for one that is already found."""
    if appointment.state in ("confirmed", "checked_in"):
        return appointment
    office = catalogue.current(session).offices_by_id[appointment.office_id]
    contact = persons.check(session, person, appointment.language)
    calendar.change(session, office.id, "confirmed", now)
    states.check_live_hold(appointment, now)
    if person.reachable:
        limits.check_contact(session, office, contact, now, own=appointment.id)
    written = {key: value for key, value in persons.columns(contact).items() if value is not None}
    states.move(
        session, appointment, "confirm", actor, now, confirmed_at=now, expires_at=None, **written
    )
    wishes.answered(session, appointment)
    telling.confirmed(session, appointment, now)
    return appointment


def _values(office: Office, choice: Choice, booker: Booker, now: datetime) -> dict[str, Any]:
    token = new_secret()
    appointment_id = new_id()
    return {
        "id": appointment_id,
        "token": token,
        "token_digest": sealed.digest(token),
        "code": codes.new(),
        "uid": f"{appointment_id}@turnero",
        "sequence": 0,
        "office_id": office.id,
        "state": "held",
        **place_values(choice),
        "pool": booker.pool,
        "address_digest": sealed.digest(booker.address) if booker.address else None,
        "language": booker.language,
        "origin": booker.origin,
        "notes": booker.notes,
        "created_at": now,
        "confirmed_at": None,
        "ended_at": None,
        "ticket_id": None,
    }


def place_values(choice: Choice) -> dict[str, Any]:
    """The columns that say when and where."""
    return {
        "availability": choice.given.code,
        "starts_at": choice.slot.free.start,
        "ends_at": choice.slot.free.end,
        "first_quantum": choice.slot.first,
        "until_quantum": choice.slot.until,
        "seats": ",".join(choice.seats),
    }


def _insert(
    session: Session, office: Office, wanted: Wish, values: dict[str, Any], choice: Choice
) -> Appointment:
    """Write the booking and its places, all or nothing: a place that is taken refuses both."""
    for last_try in [*[False] * (TRIES - 1), True]:
        try:
            with session.begin_nested():
                session.execute(_INSERT, values)
                seats.take(session, office.id, values["id"], choice)
            break
        except IntegrityError as error:
            if not codes.collides(session, values["code"]) or last_try:
                raise taken() from error
            values["code"] = codes.new()
    _add_services(session, values["id"], wanted)
    appointment = Appointment(**values)
    # The row is written: from here on the session knows it as if it had read it.
    make_transient_to_detached(appointment)
    session.add(appointment)
    return appointment


def _add_services(session: Session, appointment_id: str, wanted: Wish) -> None:
    rows: Sequence[dict[str, Any]] = [
        {
            "appointment_id": appointment_id,
            "service_id": each.service.id,
            "quantity": each.quantity,
            "position": position,
        }
        for position, each in enumerate(wanted)
    ]
    session.execute(_INSERT_SERVICES, rows)
    finding.remember_wish(session, appointment_id, wanted)


def taken() -> Conflict:
    return Conflict(choosing.FULL, slug="slot-full", title=N_("This hour is not free"))
