"""What the people of the past thought of it: faces touched, a few words, a few who say who."""

import random
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from turnero_queue.satisfaction import answer, comment, survey
from turnero_queue.satisfaction.occasions import Occasion
from turnero_server.demo.past.day import Day, Turn

ANSWER, TALK, TELL = 0.07, 0.05, 0.2
SOURCES: tuple[Literal["phone", "tablet"], ...] = ("phone", "tablet")
PATIENT, IMPATIENT = (2, 3, 10, 42, 43), (11, 18, 27, 28, 16)
LONG_WAIT_S = 25 * 60
SAID = {
    1: ("Esperé casi una hora y me faltaba un papel.", "Nadie me avisó que era otra ventanilla."),
    2: ("Mucha demora hoy.", "Deberían abrir más ventanillas los lunes."),
    3: ("Atienden bien, pero la espera fue larga.", "Faltan asientos en la sala."),
    4: ("Rápido y claro.", "Buen trato. El sonido de la pantalla se oye bajo."),
    5: ("La señorita me explicó todo con paciencia.", "Muy amables, gracias.", "¡Excelente!"),
}


def gather(session: Session, past: Day, dice: random.Random) -> None:
    """Some of those who were attended answer, once each, through the product's own door."""
    for turn in past.tickets:
        if turn.state == "done" and dice.random() < ANSWER:
            _answer(session, past, turn, dice)


def _answer(session: Session, past: Day, turn: Turn, dice: random.Random) -> None:
    row = turn.row
    occasion = Occasion(
        f"ticket/{row['public_token']}",
        dice.choice(SOURCES),
        past.office.id,
        past.day,
        row["ended_at"].astimezone(past.office.zone).hour,
        row["service_id"],
        row["desk_id"],
    )
    waited = (row["called_at"] - row["issued_at"]).total_seconds()
    score = dice.choices(range(1, 6), IMPATIENT if waited > LONG_WAIT_S else PATIENT)[0]
    answer(session, occasion, score)
    if dice.random() < TALK:
        comment(session, occasion, score, dice.choice(SAID[score]))
    if dice.random() < TELL:
        survey(
            session,
            occasion,
            born=date(past.day.year - dice.randint(19, 82), 6, 15),
            gender=dice.choices(("woman", "man", "unsaid"), (52, 42, 6))[0],
            disability=dice.choices(("no", "yes", "unsaid"), (86, 9, 5))[0],
        )
