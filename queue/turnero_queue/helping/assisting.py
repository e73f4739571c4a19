"""Helping on the kiosk's own screen: asked by staff, allowed by the citizen, ended by either.

The staff see which page the kiosk shows, and may ask it to show another. They touch nothing:
whatever is sent, paid or confirmed is touched by the citizen.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_queue import announcements, audit
from turnero_queue.helping.looking import Call
from turnero_queue.models import Assistance
from turnero_queue.sequence import Moment, next_seq

# A question that nobody answers is no consent.
ANSWER_WITHIN = timedelta(seconds=90)
OVER = N_("Helping on this screen has ended.")
# Pages that are not shown to others and yet may be left without losing anything.
LEADABLE = ("help",)


def ask_to_assist(
    session: Session, moment: Moment, call: Call, staff_id: str, actor: str, minutes: int
) -> Assistance:
    """Ask for the citizen's consent; only whoever took the call may. What is asked or goes on
    already is given back. `minutes` is how long it may last at most; 0 refuses."""
    if minutes == 0:
        raise Conflict(N_("Helping on a kiosk's screen is switched off."), slug="assist-off")
    if call.taken_by != staff_id or call.ended_at is not None:
        raise Conflict(N_("Take the call first, then you can help on the screen."))
    before = _unended(session, call.id)
    if before is not None and is_over_time(before, minutes, moment.at):
        end_assistance(session, moment, call, "time", actor)
    row = {
        "id": new_id(),
        "call_id": call.id,
        "staff_id": staff_id,
        "asked_at": moment.at,
        "screen": "",
        "language": call.language,
    }
    engine = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = engine.insert(Assistance).values(**row).on_conflict_do_nothing()
    made = session.scalar(insert.returning(Assistance.id))
    if made is not None:
        _record(session, moment, actor, "help.assist.ask", call)
    _announce(session, moment, "assist_asked")
    found = _unended(session, call.id)
    if found is None:
        raise Conflict(OVER, slug="assist-over")
    return found


def of_call(session: Session, call_id: str, minutes: int, now: datetime) -> Assistance | None:
    """The assistance of a call that is asked for or goes on, and has not run out."""
    found = _unended(session, call_id)
    return None if found is None or is_over_time(found, minutes, now) else found


def assistance(session: Session, assistance_id: str) -> Assistance:
    found = session.get(Assistance, assistance_id)
    if found is None:
        raise NotFound(N_("There is no such call for help."))
    return found


def is_over_time(found: Assistance, minutes: int, now: datetime) -> bool:
    """Whether nobody answered the question in time, or it has gone on for long enough."""
    if found.answered_at is None:
        return now - found.asked_at > ANSWER_WITHIN
    return now - found.answered_at > timedelta(minutes=minutes)


def allow(session: Session, moment: Moment, call: Call, screen: str, path: str | None) -> None:
    """The citizen said yes on the screen, which shows `screen`; see `shows` for `path`."""
    waiting = (
        Assistance.call_id == call.id,
        Assistance.answered_at.is_(None),
        Assistance.asked_at >= moment.at - ANSWER_WITHIN,
    )
    page = {"screen": screen[:20], "path": path}
    if not _set(session, *waiting, answered_at=moment.at, allowed=True, **page):
        raise Conflict(OVER, slug="assist-over")
    _record(session, moment, f"kiosk:{call.label}", "help.assist.allow", call)
    _announce(session, moment, "assist_allowed")


def refuse(session: Session, moment: Moment, call: Call) -> None:
    """The citizen said no on the screen."""
    waiting = (Assistance.call_id == call.id, Assistance.answered_at.is_(None))
    over = {"ended_at": moment.at, "ended_how": "refused"}
    if not _set(session, *waiting, answered_at=moment.at, allowed=False, **over):
        raise Conflict(OVER, slug="assist-over")
    _record(session, moment, f"kiosk:{call.label}", "help.assist.refuse", call)
    _announce(session, moment, "assist_ended")


def end_assistance(session: Session, moment: Moment, call: Call, how: str, actor: str) -> bool:
    """Stop; whether there was anything to stop."""
    over = {"ended_at": moment.at, "ended_how": how, "path": None, "lead": None}
    if not _set(session, Assistance.call_id == call.id, **over):
        return False
    _record(session, moment, actor, "help.assist.end", call, how)
    _announce(session, moment, "assist_ended")
    return True


def shows(
    session: Session, moment: Moment, call: Call, screen: str, path: str | None, language: str
) -> None:
    """The kiosk shows another page now: `path` is None for one that nobody else may see. Where it
    was asked to go is done with."""
    going = (Assistance.call_id == call.id, Assistance.answered_at.is_not(None))
    if _set(session, *going, screen=screen[:20], path=path, lead=None, language=language[:8]):
        _announce(session, moment, "assist_shows")


def lead(session: Session, moment: Moment, found: Assistance, path: str) -> None:
    """Ask the kiosk to show that page; not while the citizen is where others may not look, for
    they would be torn out of what they are doing."""
    seen = or_(Assistance.path.is_not(None), Assistance.screen.in_(LEADABLE))
    going = (Assistance.id == found.id, Assistance.answered_at.is_not(None), seen)
    if not _set(session, *going, lead=path):
        raise Conflict(N_("The citizen is busy on a page of their own now."), slug="assist-not-now")
    _announce(session, moment, "assist_leads")


def _unended(session: Session, call_id: str) -> Assistance | None:
    query = select(Assistance).where(Assistance.call_id == call_id, Assistance.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def _set(session: Session, *wanted: ColumnElement[bool], **values: Any) -> bool:
    result = session.execute(
        update(Assistance)
        .where(Assistance.ended_at.is_(None), *wanted)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def _record(
    session: Session, moment: Moment, actor: str, action: str, call: Call, reason: str = ""
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"help:{call.id}",
        office_id=call.office_id,
        reason=reason,
        now=moment.at,
    )


def _announce(session: Session, moment: Moment, kind: str) -> None:
    seq = next_seq(session, moment)
    announcements.help_changed(session, moment.office_id, seq, kind, moment.at)
