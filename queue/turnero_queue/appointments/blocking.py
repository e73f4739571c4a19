"""Times that the staff keep free, with a reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_queue import audit, catalogue
from turnero_queue.appointments import calendar, waiting_list
from turnero_queue.catalogue import Office
from turnero_queue.models import Appointment, AppointmentBlock


def block(
    session: Session,
    office: Office,
    start: datetime,
    end: datetime,
    reason: str,
    actor: str,
    now: datetime,
    *,
    desks: Sequence[str] = (),
) -> AppointmentBlock:
    """Give no more appointments from `start` to `end`, at some desks or in the whole office.

    What is booked stays: `hurt_by_block` lists it, to be moved or cancelled. Invalid without a
    reason or for a time that ends before it begins.
    """
    _check(office, start, end, reason, desks)
    calendar.change(session, office.id, "blocked", now)
    row = AppointmentBlock(
        office_id=office.id,
        starts_at=start,
        ends_at=end,
        desks=list(desks),
        reason=reason.strip(),
        actor=actor,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, office, row, "appointments.blocked", actor, now)
    return row


def unblock(session: Session, block_id: str, actor: str, now: datetime) -> AppointmentBlock:
    """Take appointments in that time again; who waits for a place is offered one."""
    row = session.get(AppointmentBlock, block_id)
    if row is None or row.removed_at is not None:
        raise NotFound(N_("This time is not blocked any more."))
    office = catalogue.current(session).offices_by_id[row.office_id]
    calendar.change(session, office.id, "unblocked", now)
    row.removed_at = now
    session.flush()
    _note(session, office, row, "appointments.unblocked", actor, now)
    waiting_list.offer(session, office, now)
    return row


def hurt_by_block(
    session: Session,
    office: Office,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    desks: Sequence[str] = (),
) -> list[Appointment]:
    """The appointments that such a block would hurt, in order."""
    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.office_id == office.id,
            Appointment.state == "confirmed",
            Appointment.starts_at < end,
            Appointment.ends_at > max(start, now),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    places = {f"desk:{code}" for code in desks}
    return [row for row in rows if not places or places.intersection(row.seats.split(","))]


def blocks(
    session: Session, office: Office, start: datetime, end: datetime
) -> Sequence[AppointmentBlock]:
    """The blocks in force at any time from `start` to `end`."""
    return session.scalars(
        select(AppointmentBlock)
        .where(
            AppointmentBlock.office_id == office.id,
            AppointmentBlock.removed_at.is_(None),
            AppointmentBlock.starts_at < end,
            AppointmentBlock.ends_at > start,
        )
        .order_by(AppointmentBlock.starts_at)
    ).all()


def _check(
    office: Office, start: datetime, end: datetime, reason: str, desks: Sequence[str]
) -> None:
    if not reason.strip():
        raise Invalid(errors={"reason": [gettext(N_("Say why, please."))]})
    if end <= start:
        raise Invalid(errors={"end": [gettext(N_("It has to end after it begins."))]})
    for code in desks:
        office.desk(code)


def _note(
    session: Session, office: Office, row: AppointmentBlock, action: str, actor: str, now: datetime
) -> None:
    after = {"from": row.starts_at.isoformat(), "to": row.ends_at.isoformat(), "desks": row.desks}
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"block:{row.id}",
        office_id=office.id,
        after=after,
        reason=row.reason,
        now=now,
    )
