"""A hall simulated event by event on a virtual clock, calling with the product's own order.

Deterministic: everything that is left to chance comes from one seeded generator.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from tests.queue.values import NINE, minutes, waiting

from turnero_queue import estimate, order, service_times
from turnero_queue.catalogue import Desk, Office, Priority, Service
from turnero_queue.estimate import Estimate, Wait
from turnero_queue.models import Ticket
from turnero_queue.order import Waiting
from turnero_queue.rules import Rules


@dataclass(frozen=True)
class Arrival:
    """Somebody who comes `at` minutes past nine; `appointment` likewise."""

    at: float
    service: Service
    priority: Priority
    appointment: float | None = None


@dataclass
class Visit:
    """What became of them; `waited_s` counts from the hour of an appointment, if that is later."""

    arrival: Arrival
    ticket: Waiting
    estimated: Wait | None = None
    waited_s: float = 0.0


@dataclass
class _AtDesk:
    visit: Visit
    called_at: datetime
    started_at: datetime
    until: datetime
    served_s: float


@dataclass
class Hall:
    """`attention(service, random)` gives seconds of one attention, `walk_s` the way to the desk."""

    office: Office
    rules: Rules
    random: Random
    attention: Callable[[Service, Random], float]
    walk_s: tuple[float, float] = (0.0, 0.0)
    no_shows: float = 0.0
    estimating: bool = False
    waiting: dict[str, Visit] = field(default_factory=dict)
    at_desk: dict[str, _AtDesk] = field(default_factory=dict)
    measured: dict[str, list[int]] = field(default_factory=dict)

    def run(self, arrivals: Iterable[Arrival]) -> list[Visit]:
        """Everybody, in the order they came, after the last one has been called."""
        visits: list[Visit] = []
        order_of = count()
        events: list[tuple[datetime, int, Arrival | str]] = [
            (NINE + minutes(arrival.at), next(order_of), arrival) for arrival in arrivals
        ]
        heapq.heapify(events)
        while events:
            now, _, event = heapq.heappop(events)
            if isinstance(event, Arrival):
                visits.append(self._arrive(len(visits) + 1, event, now))
            else:
                self._finish(event)
            for desk, until in self._call(now):
                heapq.heappush(events, (until, next(order_of), desk.id))
        return visits

    def _arrive(self, seq: int, arrival: Arrival, now: datetime) -> Visit:
        hour = None if arrival.appointment is None else NINE + minutes(arrival.appointment)
        due = order.on_arrival(arrival.service, arrival.priority, self.rules, now, hour)
        ticket = waiting(seq, due, now, service_id=arrival.service.id)
        visit = Visit(arrival, ticket)
        self.waiting[ticket.id] = visit
        if self.estimating:
            visit.estimated = self._estimate(now).of_ticket(ticket.id)
        return visit

    def _call(self, now: datetime) -> list[tuple[Desk, datetime]]:
        called = []
        for desk in self.office.desks:
            if desk.id in self.at_desk:
                continue
            tickets = [visit.ticket for visit in self.waiting.values()]
            queue = order.for_desk(tickets, desk, now)
            if queue:
                called.append((desk, self._attend(desk, self.waiting.pop(queue[0].id), now)))
        return called

    def _attend(self, desk: Desk, visit: Visit, now: datetime) -> datetime:
        hour = visit.ticket.appointment_at
        expected = max(visit.ticket.issued_at, hour) if hour else visit.ticket.issued_at
        visit.waited_s = max(0.0, (now - expected).total_seconds())
        walk = self.random.uniform(*self.walk_s)
        served = self.attention(visit.arrival.service, self.random)
        if self.random.random() < self.no_shows:
            served = 0.0
        until = now + timedelta(seconds=walk + served)
        start = now + timedelta(seconds=walk)
        self.at_desk[desk.id] = _AtDesk(visit, now, start, until, served)
        return until

    def _finish(self, desk_id: str) -> None:
        done = self.at_desk.pop(desk_id)
        if done.served_s:
            seconds = service_times.busy_seconds(int(done.served_s), done.called_at, done.until)
            self.measured.setdefault(done.visit.arrival.service.id, []).append(seconds)

    def _estimate(self, now: datetime) -> Estimate:
        """As the product makes it: the queue in order, the open desks, the times so far."""
        times = {
            service.id: service_times.combine(
                service, self.measured.get(service.id, [])[-service_times.SAMPLE :]
            )
            for service in self.office.services
        }
        queue = order.in_order([visit.ticket for visit in self.waiting.values()], now)
        attending = [
            (desk, *estimate.until_free(self._row(desk, now), times, now))
            for desk in self.office.desks
        ]
        return Estimate(self.office, queue, attending, times, now)

    def _row(self, desk: Desk, now: datetime) -> Ticket | None:
        here = self.at_desk.get(desk.id)
        if here is None:
            return None
        started = here.started_at if now >= here.started_at else None
        return Ticket(
            service_id=here.visit.arrival.service.id,
            served_s=0,
            called_at=here.called_at,
            serving_since=started,
        )


def lognormal(mean_s: float, spread: float) -> Callable[[Service, Random], float]:
    """Attentions with this mean in seconds, and a standard deviation of `spread` times it."""
    from math import log, sqrt

    sigma = sqrt(log(1 + spread**2))
    mu = log(mean_s) - sigma**2 / 2
    return lambda _service, random: random.lognormvariate(mu, sigma)


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
