"""The same figures worked out another way: straight from the events, ticket by ticket, with sorted
lists and no store, for tests to compare with."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from turnero_queue.statistics import Figures, Spread

EVENTS = """
SELECT e.ticket_id, e.kind, e.at, e.actor, e.reason, e.data, e.seq, d.code AS desk,
  o.code AS office, coalesce(o.timezone, m.timezone) AS zone, s.code AS service,
  p.code AS priority, t.origin, t.appointment_at, t.counts_from, t.due_at
FROM ticket_event e JOIN ticket t ON t.id = e.ticket_id JOIN office o ON o.id = e.office_id
JOIN service s ON s.id = t.service_id JOIN priority p ON p.id = t.priority_id
CROSS JOIN municipality m LEFT JOIN desk d ON d.id = e.desk_id
ORDER BY o.code, e.seq
"""
DESK_EVENTS = """
SELECT o.code AS office, coalesce(o.timezone, m.timezone) AS zone, d.code AS desk, e.status,
  e.at, e.actor, e.seq
FROM desk_event e JOIN desk d ON d.id = e.desk_id JOIN office o ON o.id = e.office_id
CROSS JOIN municipality m ORDER BY o.code, e.seq
"""
ENDS = {"finished": "served", "left": "left", "cancelled": "cancelled", "no_show": "no_show"}


@dataclass
class Person:
    """A visit: its dimensions, as `statistics.DIMENSIONS` names them, and what it adds up to."""

    where: dict[str, Any]
    end: str
    wait_s: float | None
    target_s: float
    attended_s: int | None
    counts: dict[str, int]


@dataclass
class Hour:
    where: dict[str, Any]
    open_s: int = 0
    paused_s: int = 0
    serving_s: int = 0
    attentions: int = 0


def instant(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def when(local: datetime) -> dict[str, Any]:
    day = local.date()
    return {"hour": local.hour, "weekday": day.weekday(), "day": day, "month": day.replace(day=1)}


def people(session: Session) -> list[Person]:
    histories: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(text(EVENTS)):
        histories[row.ticket_id].append(row)
    return [person(events) for events in histories.values()]


def person(events: list[Any]) -> Person:
    first = events[0]
    said = first.data if isinstance(first.data, dict) else json.loads(first.data)
    kinds = [event.kind for event in events]
    arrived = instant(first.at)
    desks = [event for event in events if event.kind in ("called", "started", "resumed")]
    hour = said.get("appointment_at") or first.appointment_at
    waits_from = max(arrived, instant(hour)) if hour else arrived
    stood = [
        event
        for number, event in enumerate(events)
        if event.kind == "called" and not was_undone(kinds[number + 1 :])
    ]
    # A call undone counts all the same once the person has been somewhere after an earlier one.
    calls = stood[:1]
    end = ENDS.get(kinds[-1], "there")
    stretches, since = 0, None
    for event in events:
        if event.kind in ("started", "resumed"):
            since = instant(event.at)
        elif since and event.kind in ("parked", "transferred", "finished"):
            stretches += (instant(event.at) - since) // timedelta(seconds=1)
            since = None
    paper = said.get("paper")
    due_s = (instant(first.due_at) - instant(first.counts_from)) // timedelta(seconds=1)
    return Person(
        where={
            "office": first.office,
            "service": said.get("service") or first.service,
            "desk": f"{first.office}/{desks[-1].desk}" if desks else "",
            "staff": staff(desks[-1].actor) if desks else "",
            "priority": said.get("priority") or first.priority,
            "origin": said.get("origin") or first.origin,
            **when(arrived.astimezone(ZoneInfo(first.zone))),
        },
        end=end,
        wait_s=max(0, (instant(calls[0].at) - waits_from) // timedelta(seconds=1))
        if calls
        else None,
        target_s=said.get("target_s", max(0, due_s)),
        attended_s=stretches if end == "served" else None,
        counts={
            "calls": kinds.count("called"),
            "recalls": kinds.count("recalled"),
            "transfers": kinds.count("transferred"),
            "readmitted": kinds.count("readmitted"),
            "out_of_order": sum(e.kind == "called" and bool(e.reason) for e in events),
            "paper": paper is True,
            "paperless": paper is False,
        },
    )


def was_undone(later: list[str]) -> bool:
    after = [kind for kind in later if kind != "recalled"]
    return after[:1] == ["put_back"]


def staff(actor: str) -> str:
    kind, _, login = actor.partition(":")
    return login if kind == "staff" else ""


def hours(session: Session) -> list[Hour]:
    """Desk hours by cutting each desk's time at every event and at every full local hour."""
    told: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    ends: dict[str, datetime] = {}
    for query in (EVENTS, DESK_EVENTS):
        for row in session.execute(text(query)):
            if row.desk is not None:
                told[row.office, row.desk, row.zone].append(row)
            ends[row.office] = max(ends.get(row.office, instant(row.at)), instant(row.at))
    found: dict[Any, Hour] = {}
    for (office, desk, zone), events in told.items():
        events.sort(key=lambda event: event.seq)
        tell(found, office, desk, ZoneInfo(zone), events, ends[office])
    return list(found.values())


def tell(
    found: dict[Any, Hour], office: str, desk: str, zone: ZoneInfo, events: list[Any], end: datetime
) -> None:
    times = [instant(event.at) for event in events]
    states = following(events)
    cuts = sorted({*times, end, *full_hours(times[0], end)})
    spent: dict[Any, dict[str, timedelta]] = defaultdict(lambda: defaultdict(timedelta))
    for begins, ends in pairwise(cuts):
        status, hand, serving = states[bisect_right(times, begins) - 1]
        if ends > end or (status == "closed" and not serving):
            continue
        local = begins.astimezone(zone)
        what = "serving" if serving else status
        spent[local.date(), local.hour, hand][what] += ends - begins
    for event, (_, hand, _) in zip(events, states, strict=True):
        if getattr(event, "kind", "") == "started":
            local = instant(event.at).astimezone(zone)
            spent[local.date(), local.hour, hand]["attentions"] += timedelta(seconds=1)
    second = timedelta(seconds=1)
    for (day, hour, hand), times_of in spent.items():
        where = {"office": office, "desk": f"{office}/{desk}", "staff": hand}
        where |= when(datetime.combine(day, datetime.min.time()).replace(hour=hour))
        found[office, desk, day, hour, hand] = Hour(
            where,
            open_s=(times_of["open"] + times_of["serving"]) // second,
            paused_s=times_of["paused"] // second,
            serving_s=times_of["serving"] // second,
            attentions=times_of["attentions"] // second,
        )


def following(events: list[Any]) -> list[tuple[str, str, str | None]]:
    """Status, hand and who is served, after each event of one desk."""
    status, hand, serving = "closed", "", None
    states = []
    for event in events:
        if not hasattr(event, "kind"):
            status = event.status
            hand = staff(event.actor) if status == "open" else hand
        else:
            if event.kind in ("called", "started", "resumed"):
                hand = staff(event.actor)
            if event.kind in ("started", "resumed"):
                serving = event.ticket_id
            elif event.ticket_id == serving:
                serving = None
        states.append((status, hand, serving))
    return states


def full_hours(first: datetime, last: datetime) -> Iterable[datetime]:
    """Those of the zones here, which are whole hours from UTC."""
    at = first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while at < last:
        yield at
        at += timedelta(hours=1)


def figures(some: list[Person], desk_hours: list[Hour] | None) -> Figures:
    ends = [one.end for one in some]
    called = [one for one in some if one.wait_s is not None]
    sums = {
        name: sum(one.counts[name] for one in some) for name in (some[0].counts if some else ())
    }
    if desk_hours is not None:
        names = ("open_s", "paused_s", "serving_s", "attentions")
        sums |= {name: sum(getattr(hour, name) for hour in desk_hours) for name in names}
    return Figures(
        issued=len(some),
        **{end: ends.count(end) for end in (*ENDS.values(), "there")},
        wait=spread([one.wait_s for one in called]),
        service=spread([one.attended_s for one in some if one.attended_s is not None]),
        with_target=len(called),
        on_target=sum(one.wait_s <= one.target_s for one in called),
        **sums,
    )


def spread(seconds: list[Any]) -> Spread:
    minutes = sorted(int(value // 60) for value in seconds)
    if not minutes:
        return Spread()
    count = len(minutes)
    return Spread(count, minutes[-(-count // 2) - 1], minutes[-(-9 * count // 10) - 1])


Keep = Callable[[dict[str, Any]], bool]


def by(dimension: str, some: Iterable[Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for one in some:
        groups[one.where[dimension]].append(one)
    return groups


def days(first: date, last: date) -> Keep:
    return lambda where: first <= where["day"] <= last
