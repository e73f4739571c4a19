"""What one desk does with one person of the past."""

from datetime import datetime

from turnero_server.demo.past.day import Day, Turn, Values
from turnero_server.demo.past.habits import SECOND
from turnero_server.demo.past.issuing import MINUTE

# When the desk is free, and when the person waits again; None: not any more.
After = tuple[datetime, datetime | None]
_NOT_CALLED: Values = {"desk_id": None, "calls": 0, "called_at": None}


def attend(past: Day, turn: Turn, n: int, at: datetime) -> After:
    desk, actor, habits = past.office.desks[n], past.staff(n), past.habits
    tired = at - turn.row["issued_at"] > habits.patience
    if turn.events == 0 and (past.lucky(0.04) or tired):
        past.move(turn, "cancel", at, None, actor="kiosk:entrance")
        turn.row["ended_at"] = at
        return at, None
    said: Values = {"why": "first"}
    if past.lucky(habits.out_of_order):
        said = {"out_of_order": True, "reason": past.dice.choice(habits.reasons)}
    past.move(turn, "call", at, desk, actor=actor, **said)
    turn.row |= {"desk_id": desk.id, "calls": 1, "called_at": at}
    if past.lucky(habits.put_back):
        past.move(turn, "put-back", at + 20 * SECOND, desk, actor=actor)
        turn.row |= _NOT_CALLED
        return at + 20 * SECOND, at + MINUTE
    if past.lucky(0.1):
        at += 30 * SECOND
        past.move(turn, "recall", at, desk, actor=actor)
        turn.row |= {"calls": 2, "called_at": at}
    if past.lucky(habits.missed):
        return _miss(past, turn, n, at + MINUTE)
    return _serve(past, turn, n, at + past.dice.uniform(5, 60) * SECOND)


def _miss(past: Day, turn: Turn, n: int, at: datetime) -> After:
    past.move(turn, "no-show", at, past.office.desks[n], actor=past.staff(n))
    if past.lucky(0.3):
        back = at + 3 * MINUTE
        past.move(turn, "readmit", back, None, actor=past.staff(n))
        turn.row |= _NOT_CALLED | {"appointment_at": None}
        return at, back
    return at, None


def _serve(past: Day, turn: Turn, n: int, at: datetime) -> After:
    desk, actor = past.office.desks[n], past.staff(n)
    past.move(turn, "start", at, desk, actor=actor)
    ends = at + past.habits.attention(past, turn.service)
    turn.row["served_s"] += int((ends - at).total_seconds())
    if past.lucky(0.02):
        past.move(turn, "park", ends, desk, actor=actor)
        if past.lucky(0.3):
            return ends, None
        at, ends = ends + 2 * MINUTE, ends + 5 * MINUTE
        past.move(turn, "resume", at, desk, actor=actor)
        turn.row["served_s"] += 180
    if past.lucky(0.04):
        return _send_on(past, turn, n, ends)
    past.move(turn, "finish", ends, desk, actor=actor, outcome="resolved")
    turn.row |= {"ended_at": ends, "outcome": "resolved"}
    return ends, None


def _send_on(past: Day, turn: Turn, n: int, at: datetime) -> After:
    turn.service = service = past.dice.choice(past.office.services)
    said = {"service": service.code, "to_desk": None}
    past.move(turn, "transfer", at, past.office.desks[n], actor=past.staff(n), **said)
    target = turn.row["counts_from"] + service.target_wait
    due = min(turn.row["due_at"], target)
    turn.row |= _NOT_CALLED | {"service_id": service.id, "due_at": due}
    return at, at
