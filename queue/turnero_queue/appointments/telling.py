"""What citizens are told of their appointments: put into the outbox with each change.

Keys are stable, so that an event is told of once however often it is put there.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.i18n import pick
from turnero_queue import catalogue, notices
from turnero_queue.appointments import finding
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import Appointment, Municipality
from turnero_queue.notices import AppointmentData, Contact, SeatOfferedData
from turnero_queue.notices.kinds import CANCELLED, CHANGED, CONFIRMED, REMINDER, SEAT_OFFERED

# Where a citizen manages a booking, below the installation's own address.
MANAGE = "/appointments/{token}"


def confirmed(session: Session, appointment: Appointment, now: datetime) -> None:
    if not reachable(appointment):
        return
    # Kept by the unit of work: each message asks for it.
    session.info["municipality"] = session.get(Municipality, 1)
    data = data_of(session, appointment)
    _tell(session, appointment, CONFIRMED, now, data=data)
    _remind(session, appointment, now, data)


def again(session: Session, appointment: Appointment, now: datetime) -> bool:
    """The confirmation once more, at most once a minute; False when nobody can be told."""
    if not reachable(appointment):
        return False
    notices.enqueue(
        session,
        CONFIRMED,
        key=f"{_key(appointment, CONFIRMED)}:{appointment.sequence}:again:{now:%Y%m%d%H%M}",
        to=_contact(appointment),
        data=data_of(session, appointment),
        now=now,
        subject_id=appointment.id,
        office_id=appointment.office_id,
    )
    return True


def rescheduled(
    session: Session, appointment: Appointment, before: datetime, now: datetime, reason: str
) -> None:
    """The reminder of the old hour is withdrawn, and one for the new hour put in its place."""
    notices.withdraw(session, now=now, key_prefix=_key(appointment, REMINDER))
    _tell(session, appointment, CHANGED, now, before=before, reason=reason)
    _remind(session, appointment, now)


def arrived(session: Session, appointment: Appointment, now: datetime) -> None:
    """Whoever has come needs no reminder any more."""
    if reachable(appointment):
        notices.withdraw(session, now=now, key_prefix=_key(appointment, REMINDER))


def cancelled(session: Session, appointment: Appointment, now: datetime, reason: str) -> None:
    """Whatever has not been sent yet is withdrawn; somebody who never confirmed is not told."""
    if appointment.confirmed_at is None or not reachable(appointment):
        return
    notices.withdraw(session, now=now, key_prefix=_key(appointment, REMINDER))
    _tell(session, appointment, CANCELLED, now, reason=reason)


def offered(session: Session, appointment: Appointment, answer_by: datetime, now: datetime) -> None:
    """A freed place is kept for somebody of the waiting list."""
    if not reachable(appointment):
        return
    configured = catalogue.current(session)
    office = configured.offices_by_id[appointment.office_id]
    data = SeatOfferedData(
        services=_services(session, configured, appointment),
        office=pick(office.name, appointment.language),
        start=clock.rfc3339(appointment.starts_at),
        end=clock.rfc3339(appointment.ends_at),
        zone=office.zone.key,
        answer_by=clock.rfc3339(answer_by),
        offer_url=MANAGE.format(token=appointment.token),
        address=office.address,
        name=appointment.name or "",
    )
    notices.enqueue(
        session,
        SEAT_OFFERED,
        key=_key(appointment, SEAT_OFFERED),
        to=_contact(appointment),
        data=data,
        now=now,
        subject_id=appointment.id,
        office_id=appointment.office_id,
    )


def reachable(appointment: Appointment) -> bool:
    return bool(appointment.email or appointment.phone)


def _tell(
    session: Session,
    appointment: Appointment,
    kind: str,
    now: datetime,
    *,
    before: datetime | None = None,
    reason: str = "",
    send_at: datetime | None = None,
    data: AppointmentData | None = None,
) -> None:
    if not reachable(appointment):
        return
    notices.enqueue(
        session,
        kind,
        key=f"{_key(appointment, kind)}:{appointment.sequence}",
        to=_contact(appointment),
        data=data or data_of(session, appointment, before, reason),
        now=now,
        subject_id=appointment.id,
        send_at=send_at,
        office_id=appointment.office_id,
    )


def _remind(
    session: Session,
    appointment: Appointment,
    now: datetime,
    data: AppointmentData | None = None,
) -> None:
    """A reminder so many hours before; none when that hour has passed already."""
    office = catalogue.current(session).offices_by_id[appointment.office_id]
    hours = office.rules.appointment_reminder_hours
    at = appointment.starts_at - timedelta(hours=hours)
    if hours and at > now:
        _tell(session, appointment, REMINDER, now, send_at=at, data=data)


def data_of(
    session: Session, appointment: Appointment, before: datetime | None = None, reason: str = ""
) -> AppointmentData:
    """An appointment as messages and calendar files tell it."""
    configured = catalogue.current(session)
    office: Office = configured.offices_by_id[appointment.office_id]
    wanted = finding.wish_of(session, configured, appointment)
    papers = dict.fromkeys(
        pick(paper, appointment.language) for each in wanted for paper in each.service.requirements
    )
    return AppointmentData(
        uid=appointment.uid,
        sequence=appointment.sequence,
        code=appointment.code,
        services=_services(session, configured, appointment),
        office=pick(office.name, appointment.language),
        start=clock.rfc3339(appointment.starts_at),
        end=clock.rfc3339(appointment.ends_at),
        zone=office.zone.key,
        address=office.address,
        manage_url=MANAGE.format(token=appointment.token),
        qr=MANAGE.format(token=appointment.token),
        name=appointment.name or "",
        previous_start=clock.rfc3339(before) if before else "",
        reason=reason,
        requirements=list(papers),
    )


def _services(session: Session, configured: Catalogue, appointment: Appointment) -> list[str]:
    """Names of the services, with how many when it is not one."""
    return [
        pick(each.service.name, appointment.language)
        + (f" × {each.quantity}" if each.quantity > 1 else "")
        for each in finding.wish_of(session, configured, appointment)
    ]


def _contact(appointment: Appointment) -> Contact:
    return Contact(appointment.email, appointment.phone, appointment.language)


def _key(appointment: Appointment, kind: str) -> str:
    return f"{kind}:{appointment.id}"
