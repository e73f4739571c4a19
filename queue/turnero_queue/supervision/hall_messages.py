"""What a supervisor says to everybody in the hall: on its screen, and aloud once if asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue import announcements, audit, sequence
from turnero_queue.models import HallMessage
from turnero_queue.sequence import Moment, next_seq

ACTOR = "system:message-over"
LONGEST_TEXT = 160
LONGEST = timedelta(hours=24)


def current(session: Session, office_id: str, now: datetime) -> HallMessage | None:
    """The message that the hall shows at `now`."""
    row = _open(session, office_id)
    return row if row is not None and now < row.until else None


def send(
    session: Session,
    moment: Moment,
    texts: Mapping[str, str],
    until: datetime,
    actor: str,
    *,
    spoken: bool = False,
) -> HallMessage:
    """Show a message from now on, in place of the one that stands; Invalid names bad fields.

    `texts` maps languages to texts; those left empty are left out.
    """
    said = {language: _clean(text) for language, text in texts.items()}
    said = {language: text for language, text in said.items() if text}
    _check(said, until, moment.at)
    before = _open(session, moment.office_id)
    if before is not None:
        _end(session, before, moment.at, actor)
    row = HallMessage(
        office_id=moment.office_id,
        texts=said,
        spoken=spoken,
        began_at=moment.at,
        until=until,
        actor=actor,
    )
    session.add(row)
    session.flush()
    _announce(session, moment, "message")
    after = {"texts": said, "until": clock.rfc3339(until), "spoken": spoken}
    _audit(session, moment, "hall.message", actor, after=after)
    return row


def remove(session: Session, moment: Moment, actor: str) -> None:
    """Take the message away before its hour; Conflict `no-message` when there is none."""
    row = _open(session, moment.office_id)
    if row is None:
        raise Conflict(N_("The hall shows no message any more."), slug="no-message")
    _end(session, row, moment.at, actor)
    _announce(session, moment, "message_over")
    _audit(session, moment, "hall.message-remove", actor, before={"texts": row.texts})


def end_due(session: Session, now: datetime) -> int:
    """Note the messages whose hour has come, and tell the halls; how many."""
    due = select(HallMessage).where(HallMessage.ended_at.is_(None), HallMessage.until <= now)
    rows = list(session.scalars(due.order_by(HallMessage.office_id)))
    for row in rows:
        moment = sequence.hold(session, row.office_id, now)
        _end(session, row, moment.at, ACTOR)
        _announce(session, moment, "message_over")
    return len(rows)


def _check(said: Mapping[str, str], until: datetime, now: datetime) -> None:
    errors = {}
    if not said:
        errors["text"] = [gettext(N_("This is needed."))]
    if any(len(text) > LONGEST_TEXT for text in said.values()):
        too_long = gettext(N_("Write at most %(longest)s characters."), longest=LONGEST_TEXT)
        errors["text"] = [too_long]
    if not now < until <= now + LONGEST:
        errors["until"] = [gettext(N_("Choose an hour that is still to come."))]
    if errors:
        raise Invalid(errors=errors)


def _clean(text: str) -> str:
    """One line of text that can be shown; what looks like markup is text like any other."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _open(session: Session, office_id: str) -> HallMessage | None:
    return session.scalar(
        select(HallMessage).where(
            HallMessage.office_id == office_id, HallMessage.ended_at.is_(None)
        )
    )


def _end(session: Session, row: HallMessage, at: datetime, actor: str) -> None:
    row.ended_at, row.ended_by = max(min(at, row.until), row.began_at), actor
    session.flush()


def _announce(session: Session, moment: Moment, kind: str) -> None:
    seq = next_seq(session, moment)
    announcements.hall_changed(session, moment.office_id, seq, kind, moment.at)


def _audit(
    session: Session, moment: Moment, action: str, actor: str, **change: Mapping[str, object]
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject="hall",
        office_id=moment.office_id,
        now=moment.at,
        **change,  # type: ignore[arg-type]
    )
