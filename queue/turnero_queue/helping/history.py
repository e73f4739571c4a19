"""What became of the calls for help, and how long people waited."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy.orm import Session

from turnero_queue.helping.looking import Call, chosen, of_row
from turnero_queue.models import HelpCall

MOST = 500


@dataclass(frozen=True)
class Figures:
    """Seconds until somebody took a call: the median and the longest; None where none was."""

    calls: int
    answered: int
    median_s: int | None
    longest_s: int | None


def listed(
    session: Session, office_ids: Collection[str], since: datetime, until: datetime
) -> list[Call]:
    """The calls asked from `since` to before `until`, the latest first, at most 500."""
    query = (
        chosen()
        .where(
            HelpCall.office_id.in_(list(office_ids)),
            HelpCall.asked_at >= since,
            HelpCall.asked_at < until,
        )
        .order_by(HelpCall.asked_at.desc(), HelpCall.id.desc())
        .limit(MOST)
    )
    return [of_row(row) for row in session.execute(query)]


def figures(calls: Collection[Call]) -> Figures:
    waits = [call.waited_s(call.asked_at) for call in calls if call.taken_at is not None]
    return Figures(
        len(calls),
        len(waits),
        round(median(waits)) if waits else None,
        max(waits, default=None),
    )
