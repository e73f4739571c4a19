"""A past that never was: months of tickets and events, made by the rules of the states.

Written in bulk, straight into the tables of either database; what a day is like is drawn by lot
from a seed, so that the same call makes the same past. For the benchmark and for tests.
"""

import heapq
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from turnero_core.db import Base, Database
from turnero_core.ids import new_id
from turnero_queue import catalogue, models, sequence, states
from turnero_queue.catalogue import Desk, Office, Priority, Service

Values = dict[str, Any]
OPENS, CLOSES = time(8), time(16)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
REASONS = ("wheelchair", "came from far away", "a form was missing", "=1+1 is no formula")
_TABLES = {
    kind: Base.metadata.tables[kind.__tablename__]
    for kind in (models.Ticket, models.TicketEvent, models.DeskEvent)
}


@dataclass
class Turn:
    """A ticket on its way; `row` is what its table will say."""

    row: Values
    service: Service
    also: Service | None = None
    state: str = "waiting"
    events: int = 0


@dataclass
class Day:
    """One office's day: what happened, in no order yet, and the dice."""

    office: Office
    day: date
    dice: random.Random
    tickets: list[Turn] = field(default_factory=list)
    happened: list[tuple[datetime, int, Any, Values]] = field(default_factory=list)
    order: "count[int]" = field(default_factory=count)

    def at(self, hour: time) -> datetime:
        return datetime.combine(self.day, hour, self.office.zone).astimezone(UTC)

    def note(self, table: Any, at: datetime, /, **values: Any) -> None:
        self.happened.append((at, next(self.order), table, {"at": at, **values}))

    def move(self, turn: Turn, verb: str, at: datetime, desk: Desk | None, **said: Any) -> None:
        """Make a move that the table of states allows, or fail."""
        step = states.allowed(verb, turn.state)
        turn.state = step.target
        turn.events += 1
        actor = f"staff:{said.pop('staff')}" if said.get("staff") else "token:api"
        said.pop("staff", None)
        self.note(
            models.TicketEvent,
            at,
            ticket_id=turn.row["id"],
            kind=step.kind,
            actor=said.pop("actor", actor),
            desk_id=desk.id if desk else None,
            reason=said.pop("reason", None),
            data=said,
        )

    def lucky(self, share: float) -> bool:
        return self.dice.random() < share


def fill(
    database: Database,
    tickets: int,
    days: Sequence[date],
    *,
    seed: int = 1,
    plain: float = 0.1,
    offices: Sequence[str] = (),
) -> int:
    """Tickets on `days` in the offices; `plain` of them with events that say little, as of old.

    Whoever is there at the end of the last day stays there. Gives how many were made.
    """
    with database.read() as session:
        configured = catalogue.current(session)
    chosen = [office for office in configured.offices if not offices or office.code in offices]
    each = tickets / (len(chosen) * len(days))
    made = 0
    for number, office in enumerate(chosen):
        serial = count(1)
        for day in days:
            dice = random.Random(f"{seed} {office.code} {day}")  # noqa: S311 - nothing secret
            past = Day(office, day, dice)
            many = max(1, round(each * dice.uniform(0.8, 1.2)))
            _live(past, configured.priorities, many, plain, serial, number, day == days[-1])
            with database.write() as session:
                _write(session, past)
            made += len(past.tickets)
    return made


def weekdays(last: date, how_many: int) -> list[date]:
    """The last so many days, from Monday to Friday, up to `last`."""
    days = (last - timedelta(days=back) for back in range(how_many * 2 + 7))
    return sorted([day for day in days if day.weekday() < 5][:how_many])


def _live(
    past: Day,
    priorities: Sequence[Priority],
    many: int,
    plain: float,
    serial: "count[int]",
    number: int,
    last: bool,
) -> None:
    opens, closes = past.at(OPENS), past.at(CLOSES)
    length = (closes - opens).total_seconds()
    waiting: list[tuple[datetime, int, Turn]] = []
    arrivals = sorted(past.dice.triangular(0, length - 600, length / 3) for _ in range(many))
    for place, seconds in enumerate(arrivals):
        at = opens + timedelta(seconds=round(seconds, 6))
        turn = _issue(past, at, priorities, plain, next(serial), number, place)
        heapq.heappush(waiting, (at, place, turn))
    places = count(many)
    pace = length * len(past.office.desks) / many
    free = [(opens + past.dice.random() * 5 * MINUTE, n) for n in range(len(past.office.desks))]
    since = {n: at for at, n in free}
    for at, n in free:
        _desk(past, n, "open", at)
    while free and waiting:
        at, n = heapq.heappop(free)
        came, _, turn = heapq.heappop(waiting)
        begins = max(at, came + SECOND)
        if begins >= closes:
            heapq.heappush(waiting, (came, next(places), turn))
            break
        until, back = _attend(past, turn, n, begins, pace)
        if back is not None:
            heapq.heappush(waiting, (back, next(places), turn))
        if past.lucky(0.01):
            _desk(past, n, "paused", until + SECOND)
            until += 9 * MINUTE
            _desk(past, n, "open", until)
        heapq.heappush(free, (until + SECOND, n))
        since[n] = until + SECOND
    if not last:
        _close(past, since, closes)


def _issue(
    past: Day,
    at: datetime,
    priorities: Sequence[Priority],
    plain: float,
    serial: int,
    number: int,
    place: int,
) -> Turn:
    service = past.dice.choice(past.office.services)
    priority = priorities[past.lucky(0.2)] if len(priorities) > 1 else priorities[0]
    origin = past.dice.choices(("kiosk", "web", "staff", "appointment"), (70, 10, 10, 10))[0]
    hour = at + past.dice.choice((-10, 0, 15)) * MINUTE if origin == "appointment" else None
    counts_from = at - priority.head_start
    row = {
        "id": new_id(),
        "public_token": f"past-{number}-{serial}",
        "office_id": past.office.id,
        "business_day": past.day,
        "prefix": service.prefix,
        "number": place + 1,
        "service_id": service.id,
        "priority_id": priority.id,
        "origin": origin,
        "language": "es",
        "issued_at": at,
        "counts_from": counts_from,
        "due_at": counts_from + service.target_wait,
        "appointment_at": hour,
        "desk_id": None,
        "for_desk_id": None,
        "calls": 0,
        "called_at": None,
        "serving_since": None,
        "served_s": 0,
        "ended_at": None,
        "outcome": None,
        "notes": "",
    }
    turn = Turn(row, service)
    data: Values = {}
    if not past.lucky(plain):
        data = {
            "service": service.code,
            "origin": origin,
            "priority": priority.code,
            "target_s": int(service.target_wait.total_seconds()),
            "paper": past.lucky(0.7),
        }
        if hour is not None:
            data["appointment_at"] = hour.isoformat()
    past.note(
        models.TicketEvent,
        at,
        ticket_id=row["id"],
        kind="issued",
        actor="kiosk:entrance",
        desk_id=None,
        reason=None,
        data=data,
    )
    past.tickets.append(turn)
    return turn


def _attend(
    past: Day, turn: Turn, n: int, at: datetime, pace: float
) -> tuple[datetime, datetime | None]:
    """What one desk does with a person: when it is free, and when they wait there again."""
    desk = past.office.desks[n]
    staff = _staff(past, n)
    if turn.events == 0 and past.lucky(0.04):
        past.move(turn, "cancel", at, None, actor="kiosk:entrance")
        turn.row["ended_at"] = at
        return at, None
    said: Values = {"staff": staff, "why": "first"}
    if past.lucky(0.015):
        said = {"staff": staff, "out_of_order": True, "reason": past.dice.choice(REASONS)}
    past.move(turn, "call", at, desk, **said)
    turn.row |= {"desk_id": desk.id, "calls": 1, "called_at": at}
    if past.lucky(0.03):
        past.move(turn, "put-back", at + 20 * SECOND, desk, staff=staff)
        turn.row |= {"desk_id": None, "calls": 0, "called_at": None}
        return at + 20 * SECOND, at + MINUTE
    if past.lucky(0.1):
        at += 30 * SECOND
        past.move(turn, "recall", at, desk, staff=staff)
        turn.row |= {"calls": 2, "called_at": at}
    if past.lucky(0.05):
        return _miss(past, turn, desk, staff, at + MINUTE)
    return _serve(past, turn, n, at + past.dice.uniform(5, 60) * SECOND, pace)


def _miss(
    past: Day, turn: Turn, desk: Desk, staff: str, at: datetime
) -> tuple[datetime, datetime | None]:
    past.move(turn, "no-show", at, desk, staff=staff)
    if past.lucky(0.3):
        back = at + 3 * MINUTE
        past.move(turn, "readmit", back, None, staff=staff)
        turn.row |= {"desk_id": None, "calls": 0, "called_at": None, "appointment_at": None}
        return at, back
    return at, None


def _serve(
    past: Day, turn: Turn, n: int, at: datetime, pace: float
) -> tuple[datetime, datetime | None]:
    desk, staff = past.office.desks[n], _staff(past, n)
    past.move(turn, "start", at, desk, staff=staff)
    ends = at + timedelta(seconds=round(past.dice.expovariate(1 / (pace * 0.7)), 6))
    turn.row["served_s"] += int((ends - at).total_seconds())
    if past.lucky(0.02):
        past.move(turn, "park", ends, desk, staff=staff)
        if past.lucky(0.3):
            return ends, None
        at, ends = ends + 2 * MINUTE, ends + 5 * MINUTE
        past.move(turn, "resume", at, desk, staff=staff)
        turn.row["served_s"] += 180
    if past.lucky(0.04):
        service = past.dice.choice(past.office.services)
        past.move(turn, "transfer", ends, desk, staff=staff, service=service.code, to_desk=None)
        target = turn.row["counts_from"] + service.target_wait
        turn.row |= {
            "service_id": service.id,
            "due_at": min(turn.row["due_at"], target),
            "desk_id": None,
            "calls": 0,
            "called_at": None,
        }
        return ends, ends
    past.move(turn, "finish", ends, desk, staff=staff, outcome="resolved")
    turn.row |= {"ended_at": ends, "outcome": "resolved"}
    return ends, None


def _desk(past: Day, n: int, status: str, at: datetime, actor: str | None = None) -> None:
    past.note(
        models.DeskEvent,
        at,
        desk_id=past.office.desks[n].id,
        status=status,
        actor=actor or f"staff:{_staff(past, n)}",
        reason=None,
    )


def _staff(past: Day, n: int) -> str:
    """Two people share a desk by weeks."""
    return f"{past.office.code}-{n + 1}{'ab'[past.day.isocalendar().week % 2]}"


def _close(past: Day, since: dict[int, datetime], closes: datetime) -> None:
    """The desks close, some forgotten until the calendar does it; who waits has left."""
    end = datetime.combine(past.day + timedelta(days=1), time(0, 0, 40), past.office.zone)
    for n, at in since.items():
        forgotten = past.lucky(0.02)
        actor = "system:day-close" if forgotten else None
        _desk(past, n, "closed", end.astimezone(UTC) if forgotten else max(at, closes), actor)
    at = max(end.astimezone(UTC), *(one[0] for one in past.happened))
    for turn in past.tickets:
        if turn.state in states.MOVES["close-day"].sources:
            past.move(turn, "close-day", at, None, actor="system:day-close", reason="day closed")
            turn.row["ended_at"] = at


def _write(session: Session, past: Day) -> None:
    held = sequence.hold(session, past.office.id, datetime.max.replace(tzinfo=UTC))
    rows: dict[Any, list[Values]] = defaultdict(list)
    first_of: dict[str, int] = {}
    for seq, (at, _, kind, values) in enumerate(sorted(past.happened, key=_when), held.seq + 1):
        ticket = values.get("ticket_id")
        if ticket is not None:
            first_of.setdefault(ticket, seq)
        rows[kind].append({"id": new_id(), "office_id": past.office.id, "seq": seq, **values})
        last, newest = seq, at
    rows[models.Ticket] = [
        {**turn.row, "seq": first_of[turn.row["id"]], "state": turn.state} for turn in past.tickets
    ]
    for kind in (models.Ticket, models.TicketEvent, models.DeskEvent):
        session.execute(insert(_TABLES[kind]), rows[kind])
    mine = models.OfficeSequence.office_id == past.office.id
    session.execute(update(models.OfficeSequence).where(mine).values(seq=last, last_at=newest))


def _when(happening: tuple[datetime, int, Any, Values]) -> tuple[datetime, int]:
    return happening[:2]
