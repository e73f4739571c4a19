"""A call for help from the first touch to its end: asked, taken, done; each by compare-and-set.

Whoever calls these holds the office (`sequence.hold`), so that screens hear of it in order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_queue import announcements, sequence
from turnero_queue.helping import looking
from turnero_queue.helping.looking import Call
from turnero_queue.models import Assistance, HelpCall
from turnero_queue.sequence import Moment, next_seq

OVER = N_("This call for help is over.")


@dataclass(frozen=True)
class Kiosk:
    """Where somebody asks from. `key` is the device's id, or a browser's own; `label` is what the
    staff know it by; `screen` and `service_id` are where they were."""

    key: str
    device_id: str | None
    label: str
    screen: str
    service_id: str | None
    language: str


def ask(session: Session, moment: Moment, kiosk: Kiosk) -> Call:
    """Call somebody; the call that the kiosk has already, if it has one."""
    _end_stale(session, moment.at, HelpCall.kiosk == kiosk.key)
    row = {
        "id": new_id(),
        "office_id": moment.office_id,
        "kiosk": kiosk.key,
        "device_id": kiosk.device_id,
        "label": kiosk.label[:120],
        "screen": kiosk.screen[:20],
        "service_id": kiosk.service_id,
        "language": kiosk.language[:8],
        "asked_at": moment.at,
    }
    engine = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = engine.insert(HelpCall).values(**row).on_conflict_do_nothing()
    if session.scalar(insert.returning(HelpCall.id)) is not None:
        _announce(session, moment, "help_asked")
    found = looking.of_kiosk(session, kiosk.key, moment.at)
    if found is None:
        raise Conflict(OVER, slug="help-over")
    return found


def take(session: Session, moment: Moment, call: Call, staff_id: str) -> None:
    """Say that one goes there. Of two who say so at once one does; the other is told who."""
    wanted = (HelpCall.taken_at.is_(None), looking.is_open(moment.at))
    if not _set(session, call.id, *wanted, taken_at=moment.at, taken_by=staff_id):
        now = looking.find(session, call.id)
        if now.taken_by == staff_id and now.ended_at is None:
            return
        if now.taken_by is None or now.ended_at is not None:
            raise Conflict(OVER, slug="help-over")
        raise Conflict(
            N_("%(name)s was faster and is on the way. Thank you."),
            slug="help-taken",
            name=now.helper,
        )
    _announce(session, moment, "help_taken")


def release(session: Session, moment: Moment, call: Call, staff_id: str) -> None:
    """Whoever took it cannot go after all: somebody else can take it."""
    mine = (HelpCall.taken_by == staff_id, HelpCall.ended_at.is_(None))
    if not _set(session, call.id, *mine, taken_at=None, taken_by=None):
        raise Conflict(OVER, slug="help-over")
    _end_assistance(session, [call.id], moment.at)
    _announce(session, moment, "help_released")


def finish(session: Session, moment: Moment, call: Call) -> None:
    """The person was helped."""
    wanted = (HelpCall.taken_at.is_not(None), HelpCall.ended_at.is_(None))
    _end(session, moment, call, "done", *wanted)


def cancel(session: Session, moment: Moment, call: Call) -> None:
    """The citizen needs nobody any more."""
    _end(session, moment, call, "cancelled", HelpCall.ended_at.is_(None))


def tidy(session: Session, now: datetime) -> int:
    """Note as over the calls that nobody answered, and those that somebody forgot to end."""
    old = select(HelpCall.office_id).where(HelpCall.ended_at.is_(None), ~looking.is_open(now))
    ended = 0
    for office_id in session.scalars(old.distinct().order_by(HelpCall.office_id)).all():
        moment = sequence.hold(session, office_id, now)
        ended += _end_stale(session, moment.at, HelpCall.office_id == office_id)
        _announce(session, moment, "help_ended")
    return ended


def _end(
    session: Session, moment: Moment, call: Call, how: str, *wanted: ColumnElement[bool]
) -> None:
    if not _set(session, call.id, *wanted, **_over(moment.at, how)):
        raise Conflict(OVER, slug="help-over")
    _end_assistance(session, [call.id], moment.at)
    _announce(session, moment, "help_ended")


def _over(at: datetime, how: str) -> dict[str, Any]:
    # The address of a browser that was not set up is no longer needed.
    label = case((HelpCall.device_id.is_(None), ""), else_=HelpCall.label)
    return {"ended_at": at, "ended_how": how, "label": label}


def _end_stale(session: Session, at: datetime, which: ColumnElement[bool]) -> int:
    """End those of `which` that are too old; how many."""
    query = select(HelpCall.id, HelpCall.taken_at).where(
        HelpCall.ended_at.is_(None), ~looking.is_open(at), which
    )
    rows = session.execute(query).all()
    for row in rows:
        over = _over(at, "forgotten" if row.taken_at else "unanswered")
        _set(session, row.id, HelpCall.ended_at.is_(None), **over)
    _end_assistance(session, [row.id for row in rows], at)
    return len(rows)


def _end_assistance(session: Session, call_ids: list[str], at: datetime) -> None:
    session.execute(
        update(Assistance)
        .where(Assistance.call_id.in_(call_ids), Assistance.ended_at.is_(None))
        .values(ended_at=at, ended_how="call", path=None, lead=None)
        .execution_options(synchronize_session=False)
    )


def _set(session: Session, call_id: str, *wanted: ColumnElement[bool], **values: Any) -> bool:
    """Compare and set; whether the row was as wanted."""
    result = session.execute(
        update(HelpCall)
        .where(HelpCall.id == call_id, *wanted)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def _announce(session: Session, moment: Moment, kind: str) -> None:
    seq = next_seq(session, moment)
    announcements.help_changed(session, moment.office_id, seq, kind, moment.at)
