"""Changing a booking: another hour under the same code, or giving it up."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from turnero_queue import catalogue
from turnero_queue.appointments import (
    booking,
    calendar,
    choosing,
    finding,
    seats,
    states,
    telling,
    waiting_list,
    wishes,
)
from turnero_queue.models import Appointment


def reschedule(
    session: Session,
    token: str,
    start: datetime,
    now: datetime,
    *,
    actor: str = "citizen",
    reason: str = "",
) -> Appointment:
    """Another hour for a confirmed booking, with the same token, code and UID.

    The old places go and the new ones come in this one transaction. Raises as `booking.hold` does,
    and Conflict `appointment-over`.
    """
    return move(session, finding.by_token(session, token), start, now, actor=actor, reason=reason)


def move(
    session: Session,
    appointment: Appointment,
    start: datetime,
    now: datetime,
    *,
    actor: str,
    reason: str = "",
    pool: str | None = None,
    anew: bool = False,
) -> Appointment:
    """The same for one that is already found; the staff may also move it to another `pool`.

    With `anew` it gets other places at the same hour, of which nobody has to be told.
    """
    configured = catalogue.current(session)
    office = configured.offices_by_id[appointment.office_id]
    calendar.change(session, office.id, "rescheduled", now)
    session.refresh(appointment)
    if appointment.state != "confirmed":
        raise states.over(states.of(appointment, now))
    if start == appointment.starts_at and pool in (None, appointment.pool) and not anew:
        return appointment
    wanted = finding.wish_of(session, configured, appointment)
    choice = choosing.choose(
        session,
        office,
        wanted,
        start,
        now,
        pool or appointment.pool,
        own=appointment.id,
        lead=actor == "citizen",
    )
    for appointment_id in choice.over:
        states.expire(session, appointment_id, now)
    before = appointment.starts_at
    _take(session, appointment, choice, actor, now, reason, pool or appointment.pool)
    if start != before:
        telling.rescheduled(session, appointment, before, now, reason)
    waiting_list.offer(session, office, now)
    return appointment


def cancel(
    session: Session, token: str, now: datetime, *, actor: str = "citizen", reason: str = ""
) -> Appointment:
    """Give a booking up: its places are free at once, and its link is good for nothing more."""
    appointment = finding.by_token(session, token)
    return call_off(session, appointment, now, actor=actor, reason=reason)


def call_off(
    session: Session, appointment: Appointment, now: datetime, *, actor: str, reason: str = ""
) -> Appointment:
    """The same for one that is already found; the next of the waiting list is offered the place."""
    office = catalogue.current(session).offices_by_id[appointment.office_id]
    calendar.change(session, office.id, "cancelled", now)
    session.refresh(appointment)
    if states.hold_is_over(appointment, now):
        raise states.over("expired")
    states.move(
        session,
        appointment,
        "cancel",
        actor,
        now,
        reason=reason,
        sequence=appointment.sequence + 1,
        expires_at=None,
        ended_at=now,
    )
    telling.cancelled(session, appointment, now, reason)
    wishes.declined(session, appointment)
    waiting_list.offer(session, office, now)
    return appointment


def _take(
    session: Session,
    appointment: Appointment,
    choice: choosing.Choice,
    actor: str,
    now: datetime,
    reason: str,
    pool: str,
) -> None:
    """Free the old places and take the new ones, or change nothing."""
    data = {"from": appointment.starts_at.isoformat()}
    try:
        with session.begin_nested():
            seats.free(session, appointment.id)
            seats.take(session, appointment.office_id, appointment.id, choice)
    except IntegrityError as error:
        raise booking.taken() from error
    states.move(
        session,
        appointment,
        "reschedule",
        actor,
        now,
        reason=reason,
        data=data,
        sequence=appointment.sequence + 1,
        pool=pool,
        **booking.place_values(choice),
    )
