"""Checking in: somebody with an appointment has come, and joins the queue at their hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue import catalogue, issuing, sequence
from turnero_queue.appointments import calendar, finding, states, telling
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.issuing import Visit
from turnero_queue.models import Appointment, Ticket
from turnero_queue.rules import Rules

Case = Literal["early", "on_time", "late", "too_early", "too_late"]
# More than this before the hour counts as early, which changes nothing but what is said.
EARLY = timedelta(minutes=5)


@dataclass(frozen=True)
class Arrival:
    """`case` is what the office's rules made of the time; `keeps_hour` whether it still counts."""

    ticket: Ticket
    appointment: Appointment
    case: Case
    keeps_hour: bool


def case_of(rules: Rules, start: datetime, now: datetime) -> Case:
    """How somebody stands who comes at `now` for `start`."""
    if now < start - timedelta(minutes=rules.check_in_early_minutes):
        return "too_early"
    if now > start + timedelta(minutes=rules.check_in_too_late_minutes):
        return "too_late"
    if now > start + timedelta(minutes=rules.appointment_grace_minutes):
        return "late"
    return "early" if now < start - EARLY else "on_time"


def check_in(
    session: Session,
    key: str,
    now: datetime,
    *,
    office: Office | None = None,
    actor: str = "citizen",
    priority: str | None = None,
    force: bool = False,
) -> Arrival:
    """Give the turn of the appointment with this token or (at an `office`) short code.

    Somebody who checks in again gets the same ticket. Raises NotFound, Conflict `too-early` with
    `from`, `too-late`, `another-office` or `appointment-over`; the staff may `force` the first two.
    """
    appointment = _find(session, key, office)
    configured = catalogue.current(session)
    place = configured.offices_by_id[appointment.office_id]
    moment = sequence.hold(session, place.id, now)
    calendar.change(session, place.id, "checked_in", now)
    session.refresh(appointment)
    if appointment.ticket_id is not None:
        ticket = session.get_one(Ticket, appointment.ticket_id)
        return Arrival(ticket, appointment, "on_time", ticket.appointment_at is not None)
    if appointment.state != "confirmed":
        raise states.over(states.of(appointment, now))
    case = case_of(place.rules, appointment.starts_at, now)
    _check_case(case, place, appointment, now, force=force)
    visit = _visit(session, configured, appointment, priority)
    ticket = issuing.issue(session, moment, place, visit, actor)
    states.move(session, appointment, "check-in", actor, now, ticket_id=ticket.id)
    telling.arrived(session, appointment, now)
    return Arrival(ticket, appointment, case, ticket.appointment_at is not None)


def _find(session: Session, key: str, office: Office | None) -> Appointment:
    if len(key) > 12 and " " not in key:
        found = finding.by_token(session, key)
    else:
        found = finding.by_code(session, key)
    if office is not None and found.office_id != office.id:
        raise Conflict(
            N_("This appointment is at another office. Look at its address, please."),
            slug="another-office",
            title=N_("An appointment at another office"),
        )
    return found


def _check_case(
    case: Case, office: Office, appointment: Appointment, now: datetime, *, force: bool
) -> None:
    hour = appointment.starts_at.astimezone(office.zone)
    same_day = clock.local_date(now, office.zone) == hour.date()
    if force and same_day:
        return
    if case == "too_early" or (case == "early" and not same_day):
        opens = appointment.starts_at - timedelta(minutes=office.rules.check_in_early_minutes)
        raise Conflict(
            N_("Your appointment is on %(day)s at %(time)s. Check in from %(from)s on, please."),
            slug="too-early",
            title=N_("You are early"),
            extra={"from": clock.rfc3339(opens), "start": clock.rfc3339(appointment.starts_at)},
            **{
                "day": hour.strftime("%Y-%m-%d"),
                "time": hour.strftime("%H:%M"),
                "from": opens.astimezone(office.zone).strftime("%H:%M"),
            },
        )
    if case == "too_late" or not same_day:
        raise Conflict(
            N_("Your appointment was at %(time)s. Take an ordinary turn, or book another hour."),
            slug="too-late",
            title=N_("It is too late for this appointment"),
            extra={"start": clock.rfc3339(appointment.starts_at)},
            time=hour.strftime("%H:%M"),
        )


def _visit(
    session: Session, configured: Catalogue, appointment: Appointment, priority: str | None
) -> Visit:
    first, *also = [each.service for each in finding.wish_of(session, configured, appointment)]
    return Visit(
        service=first,
        priority=configured.priority(priority),
        language=appointment.language,
        origin="appointment",
        also=also,
        appointment_at=appointment.starts_at,
        notes=appointment.notes,
    )
