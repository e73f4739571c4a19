"""One office's day on its way: its turns, and what happened, in no order yet."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import count
from typing import TYPE_CHECKING, Any

from turnero_queue import models, states
from turnero_queue.catalogue import Desk, Office, Priority, Service

if TYPE_CHECKING:
    from turnero_server.demo.past.habits import Habits

Values = dict[str, Any]


@dataclass
class Turn:
    """A ticket on its way; `row` is what its table will say."""

    row: Values
    service: Service
    state: str = "waiting"
    events: int = 0


@dataclass
class Day:
    """`many` people come; `plain` of them have events that say little, as of old."""

    office: Office
    day: date
    many: int
    priorities: Sequence[Priority]
    habits: "Habits"
    dice: random.Random
    plain: float = 0.0
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
        self.note(
            models.TicketEvent,
            at,
            ticket_id=turn.row["id"],
            kind=step.kind,
            actor=said.pop("actor", "token:api"),
            desk_id=desk.id if desk else None,
            reason=said.pop("reason", None),
            data=said,
        )

    def staff(self, n: int) -> str:
        """Who attends at desk number `n`, as events name them."""
        return f"staff:{self.habits.staff(self, n)}"

    def stand(self, n: int, status: str, at: datetime, actor: str | None = None) -> None:
        """Desk number `n` opens, pauses or closes."""
        self.note(
            models.DeskEvent,
            at,
            desk_id=self.office.desks[n].id,
            status=status,
            actor=actor or self.staff(n),
            reason=None,
        )

    def lucky(self, share: float) -> bool:
        return self.dice.random() < share
