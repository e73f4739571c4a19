"""What the clerks and the crowd of the simulation share."""

from dataclasses import dataclass, field

from turnero_queue.catalogue import Desk
from turnero_server.demo.day.people import Crowd


@dataclass
class Tally:
    """How many came, were attended, missed their call, or left without waiting longer."""

    came: int = 0
    attended: int = 0
    missed: int = 0
    gave_up: int = 0


@dataclass
class Hall:
    """One office in the simulation: `absent` are tickets whose people will not come."""

    code: str
    desks: list[Desk]
    crowd: Crowd
    absent: set[str] = field(default_factory=set)
