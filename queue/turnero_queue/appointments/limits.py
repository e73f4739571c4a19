"""How much one person or one internet address may hold at once."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue.appointments import persons
from turnero_queue.appointments.values import Booker, Person, TooMany
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment


def check_address(session: Session, office: Office, booker: Booker, now: datetime) -> None:
    """TooMany when an internet address holds too much that it has not confirmed."""
    limit = office.rules.appointment_holds_per_address
    if not booker.address or not limit:
        return
    digest = sealed.digest(booker.address)
    _one_at_a_time(session, digest)
    held = session.scalar(
        select(func.count()).where(
            Appointment.address_digest == digest,
            Appointment.state == "held",
            Appointment.expires_at > now,
        )
    )
    if (held or 0) >= limit:
        raise TooMany(
            N_("Too many bookings were begun from here. Confirm one, or wait a few minutes."),
            slug="too-many-holds",
        )


def check_contact(
    session: Session, office: Office, person: Person, now: datetime, own: str = ""
) -> None:
    """Conflict `too-many-appointments` when a contact has as many as the office allows."""
    limit = office.rules.appointment_open_per_contact
    if not person.reachable or not limit:
        return
    for digest in sorted(filter(None, map(persons.digest, (person.email, person.phone)))):
        _one_at_a_time(session, digest)
    if _open(session, person, now, own) >= limit:
        raise Conflict(
            N_(
                "You already have %(count)s appointments to come. "
                "Cancel one of them before you book another."
            ),
            slug="too-many-appointments",
            title=N_("Too many appointments"),
            count=limit,
        )


def _open(session: Session, person: Person, now: datetime, own: str) -> int:
    same: list[ColumnElement[bool]] = []
    if person.email:
        same.append(Appointment.email_digest == persons.digest(person.email))
    if person.phone:
        same.append(Appointment.phone_digest == persons.digest(person.phone))
    live_hold = (Appointment.state == "held") & (Appointment.expires_at > now)
    count = session.scalar(
        select(func.count()).where(
            or_(*same),
            or_(Appointment.state == "confirmed", live_hold),
            Appointment.ends_at > now,
            Appointment.id != own,
        )
    )
    return count or 0


def _one_at_a_time(session: Session, digest: str) -> None:
    """On PostgreSQL two bookings of the same person at two offices count one after the other."""
    if session.get_bind().dialect.name == "postgresql":
        number = int(digest[:15], 16)
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})
