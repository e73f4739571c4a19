"""How a day goes by: who comes, which desk takes whom, what is left when the doors are shut."""

import heapq
from bisect import insort
from datetime import UTC, datetime, time, timedelta
from itertools import count

from turnero_queue import states
from turnero_queue.catalogue import Desk
from turnero_server.demo.past.attending import attend
from turnero_server.demo.past.day import Day, Turn
from turnero_server.demo.past.habits import SECOND
from turnero_server.demo.past.issuing import MINUTE, issue

Waiting = tuple[datetime, int, Turn]


def live(past: Day, *, stay: bool = False) -> None:
    """Fill the day; with `stay` whoever is there at its end stays, and the desks stay open."""
    opens, closes = past.habits.hours(past)
    arrivals = past.habits.arrivals(past)
    waiting = [(at, n, issue(past, at, n + 1)) for n, at in enumerate(arrivals)]
    since = _attend_all(past, waiting, opens, closes + past.habits.lingers)
    if not stay:
        _close(past, since, closes)


def _attend_all(
    past: Day, waiting: list[Waiting], opens: datetime, until: datetime
) -> dict[int, datetime]:
    """Every desk takes one after the other; gives when each was free for the last time."""
    places = count(len(waiting))
    free = [(opens + past.dice.random() * 5 * MINUTE, n) for n in range(len(past.office.desks))]
    since = {n: at for at, n in free}
    for at, n in free:
        past.stand(n, "open", at)
    while free and waiting:
        at, n = heapq.heappop(free)
        found = _first(waiting, past.office.desks[n], at)
        begins = found[0] if found else at + 2 * MINUTE
        if begins >= until:
            continue
        if found is None or begins > at:
            # Somebody else may have taken them by then.
            heapq.heappush(free, (begins, n))
            continue
        _, _, turn = waiting.pop(found[1])
        ends, back = attend(past, turn, n, at)
        if back is not None:
            insort(waiting, (back, next(places), turn))
        since[n] = _rest(past, n, ends) + SECOND
        heapq.heappush(free, (since[n], n))
    return since


def _first(waiting: list[Waiting], desk: Desk, at: datetime) -> tuple[datetime, int] | None:
    """When the desk free `at` can take somebody, and their place: of several, who counts longer."""
    best: tuple[datetime, datetime, int] | None = None
    for place, (came, _, turn) in enumerate(waiting):
        if best is not None and came > best[0]:
            break
        handicap = desk.handicaps.get(turn.service.id)
        if handicap is None:
            continue
        key = (max(at, came + handicap + SECOND), turn.row["counts_from"], place)
        best = min(best or key, key)
    return (best[0], best[2]) if best else None


def _rest(past: Day, n: int, at: datetime) -> datetime:
    """Now and then a pause; gives when it is over."""
    if past.lucky(0.01):
        past.stand(n, "paused", at + SECOND)
        at += 9 * MINUTE
        past.stand(n, "open", at)
    return at


def _close(past: Day, since: dict[int, datetime], closes: datetime) -> None:
    """The desks close, some forgotten until the calendar does it; who waits has left."""
    midnight = datetime.combine(past.day + timedelta(days=1), time(0, 0, 40), past.office.zone)
    end = midnight.astimezone(UTC)
    for n, at in since.items():
        forgotten = past.lucky(0.02)
        actor = "system:day-close" if forgotten else None
        past.stand(n, "closed", end if forgotten else max(at, closes), actor)
    at = max(end, *(one[0] for one in past.happened))
    for turn in past.tickets:
        if turn.state in states.MOVES["close-day"].sources:
            past.move(turn, "close-day", at, None, actor="system:day-close", reason="day closed")
            turn.row["ended_at"] = at
