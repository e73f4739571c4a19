"""Reading the counts: what pages, statistics and exports are made of."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_queue.models.satisfaction import Feedback

By = Literal["total", "office", "day", "month", "service", "desk", "hour", "source"]
# Groups of fewer answers are not shown: who knows who was there could tell what they said.
FEW = 5
# These are counted by weeks: few people use one service or one desk in a day.
WEEKLY = ("service", "desk")


@dataclass(frozen=True)
class Scores:
    """How many gave each score, from 1 (very bad) to 5 (very good)."""

    counts: tuple[int, int, int, int, int]

    @property
    def answers(self) -> int:
        return sum(self.counts)

    @property
    def is_hidden(self) -> bool:
        """Whether there are too few to be shown to anybody."""
        return self.answers < FEW

    @property
    def average(self) -> float | None:
        """From 1 to 5; None without answers."""
        total = sum(score * count for score, count in enumerate(self.counts, 1))
        return total / self.answers if self.answers else None

    @property
    def satisfied(self) -> float | None:
        """The share, from 0 to 1, who gave 4 or 5; None without answers."""
        return (self.counts[3] + self.counts[4]) / self.answers if self.answers else None


def counts(
    session: Session,
    office_ids: Collection[str],
    since_day: date,
    until_day: date,
    by: By = "total",
) -> dict[str, Scores]:
    """The answers of those offices from `since_day` to `until_day`, both included.

    Keys: "" by total, office ids, service ids, desk ids, days as 2026-03-09, months as 2026-03,
    the first hour of a band of three ("09") by hour, and phone, tablet or kiosk by source.
    Services and desks are counted by weeks: all the weeks that the days touch, whole. Hide what
    `is_hidden`; `shown_of` does so.
    """
    dimension = by if by in ("service", "desk", "hour", "source") else "office"
    since = since_day - timedelta(days=since_day.weekday()) if by in WEEKLY else since_day
    rows = session.execute(
        select(
            Feedback.office_id,
            Feedback.day,
            Feedback.member,
            Feedback.score,
            func.sum(Feedback.answers),
        )
        .where(
            Feedback.office_id.in_(list(office_ids)),
            Feedback.dimension == dimension,
            Feedback.day.between(since, until_day),
        )
        .group_by(Feedback.office_id, Feedback.day, Feedback.member, Feedback.score)
    )
    found: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for office_id, day, member, score, answers in rows:
        found[_key(by, office_id, day, member)][score - 1] += int(answers)
    return {key: Scores(_five(numbers)) for key, numbers in sorted(found.items())}


def shown_of(found: Mapping[str, Scores]) -> dict[str, Scores]:
    """Without the groups that are too small. Where only one is, the next smallest goes too: else
    the total less the others would tell what it said."""
    small = [key for key, scores in found.items() if scores.is_hidden]
    if len(small) == 1 and found[small[0]].answers:
        others = {key: scores.answers for key, scores in found.items() if key not in small}
        small += sorted(others, key=lambda key: others[key])[:1]
    return {key: scores for key, scores in found.items() if key not in small}


def _key(by: By, office_id: str, day: date, member: str) -> str:
    own = {
        "total": "",
        "office": office_id,
        "day": day.isoformat(),
        "month": f"{day:%Y-%m}",
    }
    return own.get(by, member)


def _five(numbers: list[int]) -> tuple[int, int, int, int, int]:
    one, two, three, four, five = numbers
    return one, two, three, four, five
