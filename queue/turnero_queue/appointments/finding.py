"""Finding an appointment again: by its secret token or by its short code."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from turnero_core import clock, sealed
from turnero_core.db import Base
from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_queue.appointments import codes
from turnero_queue.appointments.values import Wanted, Wish
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import Appointment, AppointmentEvent, AppointmentService
from turnero_queue.models.appointments import OPEN_STATES

NONE = N_("There is no such appointment. Look at the code again, or ask at the desk.")
LONGEST_TOKEN = 64
_WISH = "appointment_wish"
# Statements of every request are built once: building one costs more than running it.
_LINKS = Base.metadata.tables[AppointmentService.__tablename__].c
_SERVICES = (
    select(_LINKS.service_id, _LINKS.quantity)
    .where(_LINKS.appointment_id == bindparam("appointment"))
    .order_by(_LINKS.position)
)
_BY_TOKEN = (
    select(Appointment)
    .where(Appointment.token_digest == bindparam("digest"))
    .execution_options(populate_existing=True)
)


def by_token(session: Session, token: str) -> Appointment:
    """The appointment behind a link, as it is in this transaction; NotFound when there is none."""
    found = None
    if 0 < len(token) <= LONGEST_TOKEN:
        digest = sealed.digest(token)
        found = session.scalar(_BY_TOKEN, {"digest": digest})
    if found is None:
        raise NotFound(NONE)
    return found


def by_code(session: Session, code: str, office_id: str | None = None) -> Appointment:
    """The open appointment that somebody reads the code of, at one office when it is given."""
    query = select(Appointment).where(
        Appointment.code == codes.normal(code), Appointment.state.in_(OPEN_STATES)
    )
    if office_id is not None:
        query = query.where(Appointment.office_id == office_id)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(NONE)
    return found


def by_id(session: Session, appointment_id: str) -> Appointment:
    found = session.get(Appointment, appointment_id, populate_existing=True)
    if found is None:
        raise NotFound(NONE)
    return found


def of_contact(session: Session, text: str, now: datetime) -> Sequence[Appointment]:
    """The open appointments to come of an e-mail address or telephone, in its usual form."""
    digest = sealed.digest(text.lower())
    return session.scalars(
        select(Appointment)
        .where(
            (Appointment.email_digest == digest) | (Appointment.phone_digest == digest),
            Appointment.state.in_(OPEN_STATES),
            Appointment.ends_at > now,
        )
        .order_by(Appointment.starts_at)
    ).all()


def of_person(session: Session, office: Office, name: str, now: datetime) -> Sequence[Appointment]:
    """Today's appointments at an office, still to be checked in, of who is called `name`.

    Every word that was written at the booking must be in `name`, whatever its accents: a document
    has more names than people give.
    """
    midnight = datetime.combine(clock.local_date(now, office.zone), time(), tzinfo=office.zone)
    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.office_id == office.id,
            Appointment.state == "confirmed",
            Appointment.starts_at >= midnight,
            Appointment.starts_at < midnight + timedelta(days=1),
        )
        .order_by(Appointment.starts_at)
    )
    known = _words(name)
    return [
        row for row in rows if row.name and len(_words(row.name)) > 1 and _words(row.name) <= known
    ]


def _words(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return frozenset(letters.replace("-", " ").split())


def wish_of(session: Session, configured: Catalogue, appointment: Appointment) -> list[Wanted]:
    """What the appointment is for, which never changes."""
    key = (_WISH, appointment.id)
    known: list[Wanted] | None = session.info.get(key)
    if known is None:
        rows = session.execute(_SERVICES, {"appointment": appointment.id})
        known = [Wanted(configured.services_by_id[row[0]], row[1]) for row in rows]
        session.info[key] = known
    return known


def remember_wish(session: Session, appointment_id: str, wanted: Wish) -> None:
    """Know in this unit of work what an appointment is for, which has just been written."""
    session.info[_WISH, appointment_id] = list(wanted)


def history(session: Session, appointment: Appointment) -> Sequence[AppointmentEvent]:
    return session.scalars(
        select(AppointmentEvent)
        .where(AppointmentEvent.appointment_id == appointment.id)
        .order_by(AppointmentEvent.id)
    ).all()
