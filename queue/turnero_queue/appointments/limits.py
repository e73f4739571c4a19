"""How much one person or one internet address may hold at once."""

from datetime import datetime

from sqlalchemy import bindparam, func, literal_column, or_, select, text
from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.db import Base, UTCDateTime
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue.appointments import persons
from turnero_queue.appointments.values import Booker, Person, TooMany
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment

_A = Base.metadata.tables[Appointment.__tablename__].c
# Who has given no e-mail or no telephone equals nobody: nothing is equal to NULL.
_OPEN = select(func.count()).where(
    or_(_A.email_digest == bindparam("email"), _A.phone_digest == bindparam("phone")),
    or_(
        _A.state == "confirmed",
        (_A.state == "held") & (_A.expires_at > bindparam("now", type_=UTCDateTime)),
    ),
    _A.ends_at > bindparam("now", type_=UTCDateTime),
    _A.id != bindparam("own"),
)
_HELD = select(func.count()).where(
    _A.address_digest == bindparam("digest"),
    _A.state == literal_column("'held'"),
    _A.expires_at > bindparam("now"),
)


def check_address(session: Session, office: Office, booker: Booker, now: datetime) -> None:
    """TooMany when an internet address holds too much that it has not confirmed."""
    limit = office.rules.appointment_holds_per_address
    if not booker.address or not limit:
        return
    digest = sealed.digest(booker.address)
    _one_at_a_time(session, digest)
    held = session.scalar(_HELD, {"digest": digest, "now": now})
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
    asked = {
        "email": persons.digest(person.email),
        "phone": persons.digest(person.phone),
        "now": now,
        "own": own,
    }
    return session.scalar(_OPEN, asked) or 0


def _one_at_a_time(session: Session, digest: str) -> None:
    """On PostgreSQL two bookings of the same person at two offices count one after the other."""
    if session.get_bind().dialect.name == "postgresql":
        number = int(digest[:15], 16)
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})
