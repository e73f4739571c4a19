"""When and how many appointments an office gives, as a value; the rules of its calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

PUBLIC, STAFF = "public", "staff"
POOLS = (PUBLIC, STAFF)
# Seats are taken in steps of this many minutes, so that slots of any length collide.
QUANTUM_MINUTES = 5
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHARED_GROUP = "general"


@dataclass(frozen=True)
class Availability:
    """A weekly pattern of slots for a group of services; see docs/appointments.md.

    `hours` maps mon … sun to pairs of minutes after local midnight. Either `desks` names the
    desks that it gives, or `seats` numbers the places of a `group`; whoever names the same desk
    or group shares it, and one place is never given twice.
    """

    code: str
    services: tuple[str, ...]
    hours: Mapping[str, tuple[tuple[int, int], ...]]
    slot_minutes: int = 15
    seats: int = 1
    desks: tuple[str, ...] = ()
    group: str = SHARED_GROUP
    pool: str = PUBLIC
    first: date | None = None
    last: date | None = None
    every_weeks: int = 1
    exceptions: frozenset[date] = frozenset()
    buffer_minutes: int = 0
    lead_minutes: int = 60
    horizon_days: int = 60
    desks_needed: int = 1
    name: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The places that it gives, each with the name under which it is taken."""
        if self.desks:
            return tuple(f"desk:{code}" for code in self.desks)
        return tuple(f"{self.pool}:{self.group}:{number}" for number in range(1, self.seats + 1))

    def covers(self, services: frozenset[str]) -> bool:
        return services.issubset(self.services)

    def active_on(self, day: date) -> bool:
        """Whether it gives slots on `day`, as far as its own calendar goes."""
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        if day in self.exceptions or not self.hours.get(WEEKDAYS[day.weekday()]):
            return False
        return self.every_weeks == 1 or self._weeks(day) % self.every_weeks == 0

    def _weeks(self, day: date) -> int:
        """Weeks from the one that `first` is in; weeks begin on Monday."""
        anchor = self.first or date(2024, 1, 1)
        return (monday(day) - monday(anchor)).days // 7

    def slots_for(self, duration: timedelta) -> int:
        """How many slots in a row something of this length needs."""
        return max(1, -(-int(duration.total_seconds()) // (self.slot_minutes * 60)))

    def length(self, slots: int) -> timedelta:
        """From the beginning of the first of so many slots to the end of the last."""
        minutes = slots * self.slot_minutes + (slots - 1) * self.buffer_minutes
        return timedelta(minutes=minutes)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def desk_of(labels: tuple[str, ...]) -> str | None:
    """The code of the desk that the first of some places is, when it is one."""
    kind, _, code = labels[0].partition(":") if labels else ("", "", "")
    return code if kind == "desk" else None
