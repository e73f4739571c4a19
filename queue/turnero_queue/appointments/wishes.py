"""What becomes of a wish of the waiting list when the place offered for it is answered."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from turnero_queue.models import Appointment, AppointmentWish

ORIGIN = "waiting_list"


def answered(session: Session, appointment: Appointment) -> None:
    """Who was offered this place has confirmed it, and waits no longer."""
    _close(session, appointment, "taken")


def declined(session: Session, appointment: Appointment) -> None:
    """Who was offered this place gave it up: they are not asked again."""
    _close(session, appointment, "given_up")


def return_missed(session: Session, office_id: str, now: datetime) -> None:
    """Who did not answer in time waits again, behind those who were asked less often."""
    over = select(Appointment.id).where(
        or_(
            Appointment.state == "expired",
            (Appointment.state == "held") & (Appointment.expires_at <= now),
        )
    )
    session.execute(
        update(AppointmentWish)
        .where(
            AppointmentWish.office_id == office_id,
            AppointmentWish.state == "offered",
            AppointmentWish.appointment_id.in_(over),
        )
        .values(state="waiting")
        .execution_options(synchronize_session="fetch")
    )


def _close(session: Session, appointment: Appointment, state: str) -> None:
    if appointment.origin == ORIGIN:
        session.execute(
            update(AppointmentWish)
            .where(
                AppointmentWish.appointment_id == appointment.id,
                AppointmentWish.state == "offered",
            )
            .values(state=state)
            .execution_options(synchronize_session="fetch")
        )
