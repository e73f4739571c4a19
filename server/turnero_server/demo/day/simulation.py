"""The day's agenda: what happens at which simulated second, in order."""

import heapq
import itertools
import random
from collections.abc import Callable

import structlog

from turnero_core.db import Database
from turnero_core.errors import Problem
from turnero_queue import catalogue
from turnero_queue.catalogue import Catalogue, Desk, Office
from turnero_queue.models import Ticket
from turnero_server.demo.day import acts
from turnero_server.demo.day.clerk import Clerk
from turnero_server.demo.day.hall import Hall, Tally
from turnero_server.demo.day.people import CLOSES, OPENS, Crowd

# Doors open to people who are there already.
QUEUE_AT_THE_DOOR = 4
log = structlog.get_logger()


class Simulation:
    """Plays one day from `seed`; `base_url` goes into the slips' QR."""

    def __init__(self, database: Database, base_url: str, seed: int, skip: str = "") -> None:
        """`skip` is the code of an office that it leaves alone."""
        self.database, self.base_url = database, base_url
        self.dice = random.Random(seed)  # noqa: S311 - a play, not a secret
        self.now = OPENS
        self.tally = Tally()
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        with database.read() as session:
            self.catalogue = catalogue.current(session)
        self.halls = [
            self._hall(office) for office in self.catalogue.offices if office.code != skip
        ]
        self.clerks = [Clerk(self, hall, desk) for hall in self.halls for desk in hall.desks]
        for clerk in self.clerks:
            self.later(self.dice.uniform(0, 6 * 60), clerk.begin)
        for hall in self.halls:
            self._open_doors(hall)

    @property
    def over(self) -> bool:
        """The doors are shut and the last desk is closed."""
        return not self._agenda

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        """Put something on the agenda, `seconds` of the simulated day from now."""
        heapq.heappush(self._agenda, (self.now + seconds, next(self._order), do))

    def run_until(self, until: float, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Do everything that is due up to `until`, as long as it `goes_on`."""
        while self._agenda and self._agenda[0][0] <= until and goes_on():
            self.now, _, do = heapq.heappop(self._agenda)
            try:
                do()
            except Problem as problem:
                log.info("simulation_refused", why=problem.slug)
        self.now = max(self.now, until)

    def _hall(self, office: Office) -> Hall:
        desks = [desk for desk in office.desks if desk is not spare_desk(office)]
        return Hall(office.code, desks, Crowd(self.dice, self.catalogue, office, desks))

    def _open_doors(self, hall: Hall) -> None:
        for _ in range(self.dice.randint(1, QUEUE_AT_THE_DOOR) if hall.desks else 0):
            self.later(self.dice.uniform(0, 120), lambda: self._arrives(hall))
        self._expect(hall)

    def _expect(self, hall: Hall) -> None:
        at = hall.crowd.next_arrival(self.now)
        if at is not None:
            self.later(at - self.now, lambda: self._comes(hall))

    def _comes(self, hall: Hall) -> None:
        self._expect(hall)
        self._arrives(hall)

    def _arrives(self, hall: Hall) -> None:
        person = hall.crowd.somebody()
        with acts.acting(self.database, hall.code) as act:
            ticket_id = acts.take_turn(act, person, self.base_url)
        self.tally.came += 1
        if not person.comes:
            hall.absent.add(ticket_id)
        if person.patience is not None:
            self.later(person.patience, lambda: self._gives_up(hall, ticket_id))

    def _gives_up(self, hall: Hall, ticket_id: str) -> None:
        with acts.acting(self.database, hall.code) as act:
            ticket = act.session.get_one(Ticket, ticket_id)
            if ticket.state != "waiting":
                return
            acts.cancel(act, ticket)
        self.tally.gave_up += 1

    @property
    def shut(self) -> bool:
        return self.now >= CLOSES


def spare_desk(office: Office) -> Desk | None:
    """A desk left free for whoever tries the console: others attend all that it attends."""
    for desk in office.desks:
        others = {key for other in office.desks if other is not desk for key in other.handicaps}
        if set(desk.handicaps) <= others:
            return desk
    return None


def spare_desks(found: Catalogue, skip: str = "") -> list[tuple[Office, Desk]]:
    desks = ((office, spare_desk(office)) for office in found.offices if office.code != skip)
    return [(office, desk) for office, desk in desks if desk is not None]
