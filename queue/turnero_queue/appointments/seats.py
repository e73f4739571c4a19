"""The rows that keep anybody from taking a place twice: one for each place and five minutes."""

from sqlalchemy import bindparam, delete, insert
from sqlalchemy.orm import Session

from turnero_core.db import Base
from turnero_queue.appointments.choosing import Choice
from turnero_queue.models import AppointmentSeat

_TABLE = Base.metadata.tables[AppointmentSeat.__tablename__]
_TAKE = insert(_TABLE)
_FREE = delete(_TABLE).where(_TABLE.c.appointment_id == bindparam("appointment"))


def take(session: Session, office_id: str, appointment_id: str, choice: Choice) -> None:
    """IntegrityError when somebody has one of them; call within a savepoint."""
    session.execute(
        _TAKE,
        [
            {
                "office_id": office_id,
                "quantum": quantum,
                "seat": seat,
                "appointment_id": appointment_id,
            }
            for quantum in range(choice.slot.first, choice.slot.until)
            for seat in choice.seats
        ],
    )


def free(session: Session, appointment_id: str) -> None:
    session.execute(_FREE, {"appointment": appointment_id})
