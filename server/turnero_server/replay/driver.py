"""Drives the day: people come, desks call, attend and close, each at their own scaled time."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from turnero_core.errors import Problem
from turnero_server.replay.client import Answer, Client
from turnero_server.replay.day import Day, Person, Shift
from turnero_server.replay.office import CODE, Place

# People who come within the same moment are sent side by side.
ISSUERS = 24
# A desk with nobody to call is woken by the next arrival; this is for arrivals of others.
IDLE_S = 1.0
SOON_S = 0.02
# The attention, in the day's time, of a person who is not in the record.
SOMEBODY_ELSE_S = 60.0


@dataclass
class Idle:
    """A desk that waits for somebody to come."""

    services: frozenset[str]
    woken: threading.Event = field(default_factory=threading.Event)


class Driver:
    """`tickets` holds the id that each person of the day got, by their place in it."""

    def __init__(self, client: Client, day: Day, place: Place, speed: float) -> None:
        self._client, self._day, self._place, self._speed = client, day, place, speed
        self._office = f"/offices/{place.code}"
        self._number_of: dict[str, int] = {}
        self._idle: list[Idle] = []
        self._arrivals = itertools.count(1)
        self._started = 0.0
        self.tickets: dict[int, str] = {}
        self.errors: Counter[str] = Counter()
        self.calls = 0
        self.ended = 0
        self.arrived = 0
        self.lag_s = 0.0

    @property
    def now(self) -> float:
        """The day's own time, in seconds after its midnight."""
        return self._day.begins + (time.monotonic() - self._started) * self._speed

    def run(self) -> None:
        """Play the day to its end: returns when nobody waits whom some desk attends."""
        self._started = time.monotonic()
        shifts = self._place.shifts(self._day)
        leaving: list[threading.Thread] = []
        desks = [_begin(self._work, shift) for shift in shifts]
        with ThreadPoolExecutor(ISSUERS) as issuers:
            for number, person in enumerate(self._day.people):
                self._until(person.at)
                issuers.submit(self._comes, number, person, leaving)
        for thread in (*leaving, *desks):
            thread.join()
        self._attend_the_rest(shifts)

    def _comes(self, number: int, person: Person, leaving: list[threading.Thread]) -> None:
        self.lag_s = max(self.lag_s, (self.now - person.at) / self._speed)
        service = self._place.services[person.service]
        answer = self._send(f"{self._office}/tickets", {"service": service, "origin": "api"})
        if answer is None or not answer.good:
            return
        ticket_id = answer.body["id"]
        self.tickets[number] = ticket_id
        self._number_of[ticket_id] = number
        self.arrived = next(self._arrivals)
        self._wake(person.service)
        if person.outcome == "left":
            leaving.append(_begin(self._leaves, person, ticket_id))

    def _leaves(self, person: Person, ticket_id: str) -> None:
        """Gives up after the recorded wait, unless called by then."""
        self._until(person.at + person.wait_s)
        answer = self._send(f"/tickets/{ticket_id}/cancel", {}, expected=(409,))
        if answer is not None and answer.good:
            self.ended += 1

    def _work(self, shift: Shift) -> None:
        self._until(shift.begins)
        self._send(f"{self._office}/desks/{shift.desk}/open")
        idle = Idle(frozenset(shift.services))
        free_at = shift.begins
        while (left := shift.ends - self.now) > 0:
            before = self.arrived
            ended = self._call(shift.desk, free_at)
            if ended is not None:
                free_at = ended
            elif self.arrived == before:
                self._rest(idle, min(IDLE_S, left / self._speed))
        self._send(f"{self._office}/desks/{shift.desk}/close")

    def _rest(self, idle: Idle, most_s: float) -> None:
        idle.woken.clear()
        self._idle.append(idle)
        idle.woken.wait(most_s)
        if idle in self._idle:
            self._idle.remove(idle)

    def _wake(self, service: str) -> None:
        """The desk that has rested longest, of those that attend the service."""
        for idle in self._idle:
            if service in idle.services or self._place.code != CODE:
                self._idle.remove(idle)
                idle.woken.set()
                return

    def _call(self, desk: str, free_at: float) -> float | None:
        """Call and attend the next person; when the desk is free again, None when nobody waits.

        `free_at` is when it became free. An attention is counted from then, or from the person's
        arrival, so that the time which the server takes to answer does not add up over the day.
        """
        answer = self._send(f"{self._office}/desks/{desk}/call-next")
        if answer is None or answer.status != 200:
            return None
        self.calls += 1
        ticket_id = answer.body["ticket"]["id"]
        person = self._person(ticket_id)
        ends = max(free_at, person.at if person else self.now)
        if person is not None and person.outcome == "no_show":
            self._send(f"/tickets/{ticket_id}/recall")
            self._send(f"/tickets/{ticket_id}/no-show")
        else:
            ends += self._lasts(person)
            self._send(f"/tickets/{ticket_id}/start")
            self._until(ends)
            self._send(f"/tickets/{ticket_id}/finish")
        self.ended += 1
        return ends

    def _lasts(self, person: Person | None) -> float:
        if person is None:
            return SOMEBODY_ELSE_S
        if person.outcome == "served":
            return person.service_s
        return self._day.usual_s(person.service)

    def _person(self, ticket_id: str) -> Person | None:
        """Whose ticket it is; a desk may call it before the answer to its owner has arrived."""
        for _ in range(100):
            number = self._number_of.get(ticket_id)
            if number is not None:
                return self._day.people[number]
            time.sleep(SOON_S)
        return None

    def _attend_the_rest(self, shifts: list[Shift]) -> None:
        """The record's last shift is over; who waits all the same is attended in overtime."""
        if self._client.get(f"{self._office}/queue").body.get("tickets"):
            for thread in [_begin(self._overtime, shift) for shift in shifts]:
                thread.join()

    def _overtime(self, shift: Shift) -> None:
        while self._call(shift.desk, self.now) is not None:
            pass
        self._send(f"{self._office}/desks/{shift.desk}/close")

    def _send(
        self, path: str, body: dict[str, object] | None = None, expected: tuple[int, ...] = ()
    ) -> Answer | None:
        """None when the server gave no answer; whatever it refused is counted."""
        try:
            answer = self._client.post(path, body)
        except Problem as problem:
            self.errors[problem.slug] += 1
            return None
        if not answer.good and answer.status not in expected:
            self.errors[str(answer.body.get("type") or answer.status)] += 1
        return answer

    def _until(self, at: float) -> None:
        time.sleep(max(0.0, (at - self.now) / self._speed))


def _begin(do: Callable[..., None], *args: object) -> threading.Thread:
    thread = threading.Thread(target=do, args=args, daemon=True)
    thread.start()
    return thread
