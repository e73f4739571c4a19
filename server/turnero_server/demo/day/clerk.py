"""One simulated clerk at one desk: calls, waits, attends, parks, sends on, rests, goes home."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from turnero_core.errors import Problem
from turnero_queue import desks
from turnero_queue.catalogue import Desk
from turnero_queue.models import Ticket
from turnero_server.demo.day import acts
from turnero_server.demo.day.acts import Act
from turnero_server.demo.day.hall import Hall
from turnero_server.demo.day.people import HOUR, attention_s

if TYPE_CHECKING:
    from turnero_server.demo.day.simulation import Simulation

LOOK_AGAIN_S = 20.0
RECALL_S = 25.0
CALLS = 3
TRANSFER, PARK = 0.04, 0.05


class Clerk:
    """Leaves the desk at once, and for good, when anybody else does something there."""

    def __init__(self, simulation: "Simulation", hall: Hall, desk: Desk) -> None:
        self._simulation, self._hall, self._desk = simulation, hall, desk
        self._dice = simulation.dice
        self._seen = 0
        self._pause_at = self._dice.uniform(10.5, 13.5) * HOUR
        self._parked: list[str] = []
        self._fetching = 0
        self._sent_on: set[str] = set()

    def begin(self) -> None:
        with acts.acting(self._simulation.database, self._hall.code) as act:
            opened = acts.open_if_closed(act, self._desk)
            self._seen = act.moment.seq
        if opened:
            self._soon(self.next, 2, 15)

    def next(self) -> None:
        """Whoever comes next: one who fetched something, one who waits, a pause, or the end."""
        self._at_desk(self._look)

    def _look(self, act: Act) -> None:
        if desks.person_at(act.session, self._desk.id) is not None:
            self._simulation.later(LOOK_AGAIN_S, self.next)
        elif self._parked:
            self._go_on_with(act, act.session.get_one(Ticket, self._parked.pop()))
        elif self._simulation.now >= self._pause_at:
            self._pause_at = float("inf")
            acts.set_status(act, self._desk, "paused")
            self._soon(self._return, 8 * 60, 15 * 60)
        elif acts.anybody_for(act, self._desk):
            self._call(act)
        elif self._simulation.shut and not self._fetching:
            acts.set_status(act, self._desk, "closed")
        else:
            self._simulation.later(LOOK_AGAIN_S, self.next)

    def _return(self) -> None:
        def reopen(act: Act) -> None:
            acts.set_status(act, self._desk, "open")
            self._soon(self.next, 2, 10)

        self._at_desk(reopen)

    def _call(self, act: Act) -> None:
        ticket = acts.call_next(act, self._desk)
        if ticket is None:
            self._simulation.later(LOOK_AGAIN_S, self.next)
        elif ticket.id in self._hall.absent:
            self._simulation.later(RECALL_S, lambda: self._call_again(ticket.id))
        else:
            self._soon(lambda: self._start(ticket.id), 8, 25)

    def _call_again(self, ticket_id: str) -> None:
        def act_on(act: Act) -> None:
            ticket = act.session.get_one(Ticket, ticket_id)
            if ticket.calls < CALLS:
                acts.recall(act, ticket)
                self._simulation.later(RECALL_S, lambda: self._call_again(ticket_id))
            else:
                acts.no_show(act, ticket)
                self._simulation.tally.missed += 1
                self._soon(self.next, 3, 10)

        self._at_desk(act_on)

    def _start(self, ticket_id: str) -> None:
        def act_on(act: Act) -> None:
            ticket = act.session.get_one(Ticket, ticket_id)
            acts.start(act, ticket)
            self._plan(act, ticket)

        self._at_desk(act_on)

    def _plan(self, act: Act, ticket: Ticket) -> None:
        """How this attention goes on, now that it has begun."""
        length = attention_s(self._dice, act.catalogue.services_by_id[ticket.service_id])
        if self._dice.random() < PARK:
            self._simulation.later(length * 0.4, lambda: self._park(ticket.id))
        else:
            self._simulation.later(length, lambda: self._end(ticket.id))

    def _go_on_with(self, act: Act, ticket: Ticket) -> None:
        acts.resume(act, ticket, self._desk)
        length = attention_s(self._dice, act.catalogue.services_by_id[ticket.service_id])
        self._simulation.later(length * 0.6, lambda: self._end(ticket.id))

    def _park(self, ticket_id: str) -> None:
        def act_on(act: Act) -> None:
            acts.park(act, act.session.get_one(Ticket, ticket_id))
            self._fetching += 1
            self._soon(lambda: self._is_back(ticket_id), 4 * 60, 10 * 60)
            self._soon(self.next, 5, 20)

        self._at_desk(act_on)

    def _is_back(self, ticket_id: str) -> None:
        self._fetching -= 1
        self._parked.append(ticket_id)

    def _end(self, ticket_id: str) -> None:
        def act_on(act: Act) -> None:
            ticket = act.session.get_one(Ticket, ticket_id)
            elsewhere = self._elsewhere(act, ticket)
            if elsewhere and ticket_id not in self._sent_on and self._dice.random() < TRANSFER:
                self._sent_on.add(ticket_id)
                acts.transfer(act, ticket, self._dice.choice(elsewhere))
            else:
                acts.conclude(act, ticket)
                self._simulation.tally.attended += 1
            self._soon(self.next, 5, 40)

        self._at_desk(act_on)

    def _elsewhere(self, act: Act, ticket: Ticket) -> list[str]:
        """Other services that simulated desks attend."""
        attended = {key for desk in self._hall.desks for key in desk.handicaps}
        return [
            service.code
            for service in act.office.services
            if service.id in attended and service.id != ticket.service_id
        ]

    def _at_desk(self, act_on: Callable[[Act], None]) -> None:
        """Act, unless the desk has been taken over; look again when something was refused."""
        try:
            with acts.acting(self._simulation.database, self._hall.code) as act:
                if acts.taken_over(act, self._desk, self._seen):
                    return
                act_on(act)
                self._seen = act.moment.seq
        except (Problem, SQLAlchemyError):
            self._simulation.later(LOOK_AGAIN_S, self.next)

    def _soon(self, do: Callable[[], None], least: float, most: float) -> None:
        self._simulation.later(self._dice.uniform(least, most), do)
