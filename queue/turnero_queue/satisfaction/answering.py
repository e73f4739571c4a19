"""Taking an answer: once for each occasion, and only into counts."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_core import sealed
from turnero_core.db import Base
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.models.satisfaction import Feedback, FeedbackComment, FeedbackMark
from turnero_queue.satisfaction.occasions import Occasion

SCORES = range(1, 6)
LONGEST = 300
# Longer than an occasion is open, whatever the zone; from then on no trace of it is left.
MARKED_FOR = timedelta(days=3)
SCORE, COMMENT = "score", "comment"
_FEEDBACK = Base.metadata.tables[Feedback.__tablename__]
_MARK = Base.metadata.tables[FeedbackMark.__tablename__]


def answer(session: Session, occasion: Occasion, score: int) -> None:
    """Count one answer; Conflict `already-answered` for a second one of the same occasion."""
    if score not in SCORES:
        raise Invalid(errors={"score": [gettext(N_("Choose one of the five faces."))]})
    mark(session, occasion, SCORE)
    for dimension, day, member in _places(occasion):
        key = {
            "office_id": occasion.office_id,
            "dimension": dimension,
            "day": day,
            "member": member,
            "score": score,
        }
        add_one(session, _FEEDBACK, key)


def has_answered(session: Session, occasion: Occasion) -> bool:
    query = select(FeedbackMark.digest).where(FeedbackMark.digest == _digest(occasion, SCORE))
    return session.scalar(query) is not None


def comment(session: Session, occasion: Occasion, score: int, text: str) -> None:
    """Keep somebody's words, once, after they gave a score; nothing when there are none."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]
    if not clean:
        return
    if score not in SCORES or not has_answered(session, occasion):
        raise Conflict(N_("Touch one of the faces first."), slug="not-answered")
    mark(session, occasion, COMMENT)
    session.add(
        FeedbackComment(
            # By lot: the ids of other tables tell the moment they were made.
            id=secrets.token_hex(16),
            office_id=occasion.office_id,
            week=occasion.week,
            score=score,
            text=clean,
        )
    )


def forget_old(session: Session, now: datetime) -> int:
    """Forget which occasions had an answer once none of them can be answered again."""
    result = session.execute(delete(_MARK).where(_MARK.c.until < now.date()))
    return int(getattr(result, "rowcount", 0))


def mark(session: Session, occasion: Occasion, purpose: str) -> None:
    """Note that the occasion was used for `purpose`; Conflict when it was already."""
    engine = _engine(session)
    row = {"digest": _digest(occasion, purpose), "until": occasion.day + MARKED_FOR}
    insert = engine.insert(_MARK).values(**row).on_conflict_do_nothing()
    if session.scalar(insert.returning(_MARK.c.digest)) is None:
        raise Conflict(N_("You have answered already. Thank you."), slug="already-answered")


def add_one(session: Session, table: Table, key: dict[str, Any]) -> None:
    """One more in the row of that key."""
    row = _engine(session).insert(table).values(**key, answers=1)
    session.execute(
        row.on_conflict_do_update(
            index_elements=list(table.primary_key.columns), set_={"answers": table.c.answers + 1}
        )
    )


def _places(occasion: Occasion) -> list[tuple[str, Any, str]]:
    """Where the answer is counted: dimension, day, member."""
    found = [
        ("office", occasion.day, ""),
        ("hour", occasion.day, occasion.band),
        ("source", occasion.day, occasion.source),
    ]
    if occasion.service_id:
        found.append(("service", occasion.week, occasion.service_id))
    if occasion.desk_id:
        found.append(("desk", occasion.week, occasion.desk_id))
    return found


def _digest(occasion: Occasion, purpose: str) -> str:
    return sealed.digest(f"feedback/{purpose}/{occasion.secret}")


def _engine(session: Session) -> Any:
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
