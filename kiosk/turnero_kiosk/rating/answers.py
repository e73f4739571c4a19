"""What the forms of the question and of the survey say."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue import satisfaction
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Office
from turnero_queue.satisfaction import Occasion
from turnero_queue.satisfaction.survey import DISABILITY, GENDERS

# From very bad to very good: the score, its word.
FACES: Mapping[int, str] = {
    1: N_("Very bad"),
    2: N_("Bad"),
    3: N_("Neither good nor bad"),
    4: N_("Good"),
    5: N_("Very good"),
}
NOT_ASKED = N_("Nobody is asked here how the service was.")


def score() -> int:
    """The face that was touched; 0 for none, which the domain refuses."""
    text = request.form.get("score", "")
    return int(text) if text in {str(face) for face in FACES} else 0


def check_asked(office: Office) -> None:
    if not office.rules.satisfaction_asked:
        raise Conflict(NOT_ASKED, slug="not-asked")


def keep_score(unit: Unit, occasion: Occasion) -> int:
    """Count the face; Conflict for a second one."""
    given = score()
    satisfaction.answer(unit.session, occasion, given)
    return given


def keep_comment(unit: Unit, occasion: Occasion, given: int) -> None:
    satisfaction.comment(unit.session, occasion, given, request.form.get("comment", ""))


def keep_survey(unit: Unit, occasion: Occasion, office: Office) -> None:
    if not office.rules.survey_asked:
        raise Conflict(NOT_ASKED, slug="not-asked")
    satisfaction.survey(
        unit.session,
        occasion,
        born=_born(occasion.day),
        gender=request.form.get("gender", ""),
        disability=request.form.get("disability", ""),
    )


def choices(office: Office) -> dict[str, Any]:
    """What the pages of a question need."""
    return {
        "faces": FACES,
        "genders": GENDERS,
        "disabilities": DISABILITY,
        "asks_survey": bool(office.rules.survey_asked),
    }


def _born(today: date) -> date | None:
    """The date of birth that was given; None for none, and for one that is no date."""
    parts = [request.form.get(name, "") for name in ("year", "month", "day")]
    try:
        year, month, day = (int(part) for part in parts)
        born = date(year, month, day)
    except ValueError:
        return None
    return born if born <= today else None
