"""The words that people left, and taking out those that name somebody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_queue import audit
from turnero_queue.models.satisfaction import FeedbackComment

MOST = 200


@dataclass(frozen=True)
class Comment:
    id: str
    office_id: str
    week: date
    score: int
    text: str


def listed(
    session: Session, office_ids: Collection[str], since_day: date, until_day: date
) -> list[Comment]:
    """The comments of the weeks that those days touch, the latest week first, at most 200; within
    a week in no order of time."""
    first = since_day - timedelta(days=since_day.weekday())
    query = (
        select(FeedbackComment)
        .where(
            FeedbackComment.office_id.in_(list(office_ids)),
            FeedbackComment.week.between(first, until_day),
        )
        .order_by(FeedbackComment.week.desc(), FeedbackComment.id)
        .limit(MOST)
    )
    return [
        Comment(row.id, row.office_id, row.week, row.score, row.text)
        for row in session.scalars(query)
    ]


def find(session: Session, comment_id: str) -> FeedbackComment:
    found = session.get(FeedbackComment, comment_id)
    if found is None:
        raise NotFound(N_("There is no such comment."))
    return found


def remove(session: Session, row: FeedbackComment, actor: str, reason: str, now: datetime) -> None:
    """Take out a comment that names somebody; the audit log says that it was done, not what it
    said, for it could not be erased there."""
    audit.record(
        session,
        actor=actor,
        action="satisfaction.comment.remove",
        subject=f"comment:{row.id}",
        office_id=row.office_id,
        reason=reason,
        now=now,
    )
    session.delete(row)
