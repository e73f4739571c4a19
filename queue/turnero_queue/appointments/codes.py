"""Short codes that a person can read aloud and type at a kiosk."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_queue.models import Appointment
from turnero_queue.models.appointments import OPEN_STATES

# Without letters and digits that look or sound alike.
ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
LENGTH = 6
_MEANT = str.maketrans(
    {"0": "Q", "O": "Q", "I": "J", "1": "J", "L": "J", "S": "5", "B": "8", "Z": "2"}
)


def new() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal(text: str) -> str:
    """What somebody typed, as a code: capitals, without spaces or hyphens."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return letters[:12].translate(_MEANT)


def collides(session: Session, code: str) -> bool:
    """Whether an open appointment has this code."""
    query = select(Appointment.id).where(
        Appointment.code == code, Appointment.state.in_(OPEN_STATES)
    )
    return session.scalar(query) is not None
