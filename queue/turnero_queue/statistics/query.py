"""What is asked: a period, the offices, and values of each dimension to keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.catalogue import Office

Dimension = Literal[
    "office",
    "service",
    "desk",
    "staff",
    "priority",
    "origin",
    "hour",
    "weekday",
    "day",
    "month",
]
DIMENSIONS: tuple[Dimension, ...] = (
    "office",
    "service",
    "desk",
    "staff",
    "priority",
    "origin",
    "hour",
    "weekday",
    "day",
    "month",
)
# What nobody was called to, nobody did, or no event says.
NONE = ""
LONGEST_DAYS = 1100


@dataclass(frozen=True)
class Query:
    """The local days `first` to `last`, both included, of `offices`; an empty filter keeps all.

    The edge chooses the offices that whoever asks may see. A desk is `OFFICE/DESK`; somebody of
    staff is their login; `""` is a visit without any. Weekdays count from 0, a Monday.
    """

    offices: Sequence[Office]
    first: date
    last: date
    services: Sequence[str] = ()
    desks: Sequence[str] = ()
    staff: Sequence[str] = ()
    priorities: Sequence[str] = ()
    origins: Sequence[str] = ()
    hours: Sequence[int] = ()
    weekdays: Sequence[int] = ()

    def __post_init__(self) -> None:
        if self.last < self.first or (self.last - self.first).days >= LONGEST_DAYS:
            said = N_("The period must end after it begins and last three years at most.")
            raise Invalid(errors={"to": [gettext(said)]})

    @property
    def narrows_visits(self) -> bool:
        """Whether it asks for some of a desk's visits: then its open hours have no counterpart."""
        return bool(self.services or self.priorities or self.origins)

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than all of its offices' days."""
        return self.narrows_visits or bool(self.desks or self.staff or self.hours or self.weekdays)
