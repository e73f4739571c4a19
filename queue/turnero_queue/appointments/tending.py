"""What is done for appointments at its time; each function is one job."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_queue import catalogue
from turnero_queue.appointments import calendar, states, waiting_list, wishes
from turnero_queue.models import Appointment, AppointmentWish, Ticket

ACTOR = "system"
AT_ONCE = 500


def expire_holds(session: Session, now: datetime) -> int:
    """Write down which holds are over. Their places were free already: who reads judges that."""
    rows = session.execute(
        select(Appointment.id, Appointment.office_id)
        .where(Appointment.state == "held", Appointment.expires_at <= now)
        .order_by(Appointment.office_id)
        .limit(AT_ONCE)
    ).all()
    for office_id in dict.fromkeys(row.office_id for row in rows):
        calendar.change(session, office_id, "expired", now)
    return sum(states.expire(session, row.id, now) for row in rows)


def offer_seats(session: Session, now: datetime) -> int:
    """Offer what has become free to those who wait for it."""
    waiting = select(AppointmentWish.office_id).where(
        AppointmentWish.state.in_(("waiting", "offered"))
    )
    offices = catalogue.current(session).offices_by_id
    offered = 0
    for office_id in sorted(set(session.scalars(waiting))):
        wishes.return_missed(session, office_id, now)
        offered += waiting_list.offer(session, offices[office_id], now)
    return offered


def settle(session: Session, now: datetime) -> int:
    """Note as done, or as not come, the appointments whose turn has ended."""
    rows = session.execute(
        select(Appointment, Ticket.state)
        .join(Ticket, Ticket.id == Appointment.ticket_id)
        .where(Appointment.state == "checked_in", Ticket.state.in_(("done", "left", "cancelled")))
        .order_by(Appointment.office_id)
        .limit(AT_ONCE)
    ).all()
    _hold(session, (row for row, _ in rows), "settled", now)
    for row, state in rows:
        verb = "finish" if state == "done" else "no-show"
        states.move(session, row, verb, ACTOR, now, ended_at=now)
    return len(rows)


def note_no_shows(session: Session, now: datetime) -> int:
    """After the day: who had an appointment and did not come. Nobody is punished for it."""
    configured = catalogue.current(session)
    rows: Sequence[Appointment] = session.scalars(
        select(Appointment)
        .where(Appointment.state == "confirmed", Appointment.ends_at < now)
        .order_by(Appointment.office_id)
        .limit(AT_ONCE)
    ).all()
    past = [
        row
        for row in rows
        for zone in (configured.offices_by_id[row.office_id].zone,)
        if clock.local_date(row.starts_at, zone) < clock.local_date(now, zone)
    ]
    _hold(session, past, "no_show", now)
    for row in past:
        states.move(session, row, "no-show", ACTOR, now, ended_at=now)
    return len(past)


NOBODY: Mapping[str, str | None] = {
    **dict.fromkeys(("name", "email", "phone", "email_digest", "phone_digest", "address_digest")),
    "notes": "",
}
NOBODY_WAITS: Mapping[str, str | None] = {
    **dict.fromkeys(("name", "email", "phone")),
    "contact_digest": "",
    "state": "given_up",
}


def forget(session: Session, now: datetime) -> int:
    """Forget who came, some days after, and who waited for a day that has passed; what was done
    is kept."""
    changed = session.execute(
        update(Appointment)
        .where(forgettable(session, now))
        .values(NOBODY)
        .execution_options(synchronize_session=False)
    )
    waited = session.execute(
        update(AppointmentWish)
        .where(forgettable_wishes(now))
        .values(NOBODY_WAITS)
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount + waited.rowcount)  # type: ignore[attr-defined]


def forgettable(session: Session, now: datetime) -> ColumnElement[bool]:
    """Appointments over for so long, by their office's rule, that still say who came."""
    offices = catalogue.current(session).offices_by_id.values()
    over = [
        (Appointment.office_id == office.id) & (Appointment.ends_at < now - timedelta(days=days))
        for office in offices
        if (days := office.rules.appointment_forget_days)
    ]
    return and_(
        or_(false(), *over),
        or_(
            Appointment.name.is_not(None),
            Appointment.email.is_not(None),
            Appointment.phone.is_not(None),
            Appointment.notes != "",
            Appointment.address_digest.is_not(None),
        ),
    )


def forgettable_wishes(now: datetime) -> ColumnElement[bool]:
    """Who waited for a day that has passed."""
    return and_(
        AppointmentWish.last < (now - timedelta(days=2)).date(),
        AppointmentWish.contact_digest != "",
    )


def _hold(session: Session, rows: Iterable[Appointment], kind: str, now: datetime) -> None:
    for office_id in dict.fromkeys(row.office_id for row in rows):
        calendar.change(session, office_id, kind, now)
