"""The voluntary survey: who comes, in a few bands, each question counted by itself."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_core.db import Base
from turnero_core.i18n import N_
from turnero_queue.models.satisfaction import SurveyAnswer
from turnero_queue.satisfaction.answering import add_one, mark
from turnero_queue.satisfaction.occasions import Occasion

PURPOSE = "survey"
OLDEST = 120
# From which age a band goes, the last one open.
AGES = (0, 18, 30, 45, 60, 75)
GENDERS: Mapping[str, str] = {
    "woman": N_("Woman"),
    "man": N_("Man"),
    "other": N_("Another gender"),
    "unsaid": N_("I prefer not to say"),
}
DISABILITY: Mapping[str, str] = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "unsaid": N_("I prefer not to say"),
}
_ANSWERS = Base.metadata.tables[SurveyAnswer.__tablename__]


def bands() -> list[str]:
    """Every age band in order, such as 18-29; the last is 75+."""
    return [
        f"{low}-{AGES[place + 1] - 1}" if place + 1 < len(AGES) else f"{low}+"
        for place, low in enumerate(AGES)
    ]


def band_of(born: date, today: date) -> str | None:
    """The age band of somebody born on that day; None for a day that cannot be."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not 0 <= age <= OLDEST:
        return None
    return bands()[sum(low <= age for low in AGES) - 1]


def survey(
    session: Session,
    occasion: Occasion,
    *,
    born: date | None = None,
    gender: str = "",
    disability: str = "",
) -> None:
    """Count what was answered; what was left out is not counted. The date itself is kept
    nowhere. Conflict `already-answered` for a second time."""
    given = {
        "age": band_of(born, occasion.day) if born else None,
        "gender": gender if gender in GENDERS else None,
        "disability": disability if disability in DISABILITY else None,
    }
    if not any(given.values()):
        return
    mark(session, occasion, PURPOSE)
    for question, said in given.items():
        if said:
            key = {
                "office_id": occasion.office_id,
                "month": occasion.day.replace(day=1),
                "question": question,
                "answer": said,
            }
            add_one(session, _ANSWERS, key)


def answers(
    session: Session, office_ids: Collection[str], since_day: date, until_day: date
) -> dict[str, dict[str, int]]:
    """How many gave each answer of each question, in the months that those days touch."""
    rows = session.execute(
        select(SurveyAnswer.question, SurveyAnswer.answer, func.sum(SurveyAnswer.answers))
        .where(
            SurveyAnswer.office_id.in_(list(office_ids)),
            SurveyAnswer.month.between(since_day.replace(day=1), until_day),
        )
        .group_by(SurveyAnswer.question, SurveyAnswer.answer)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for question, said, count in rows:
        found[question][said] = int(count)
    return dict(found)
