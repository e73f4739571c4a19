"""What visits have in common that is added up but never asked for by itself."""

from functools import lru_cache
from typing import NamedTuple

from turnero_queue.statistics.visit import Visit


class Profile(NamedTuple):
    """See `Visit` for what each says. There are few of them, however many the visits."""

    outcome: str
    target: int
    paper: int
    calls: int
    recalls: int
    transfers: int
    out_of_order: int
    readmitted: int


@lru_cache(4096)
def read_profile(text: str) -> Profile:
    """What `profile_of` wrote."""
    outcome, *numbers = text.split()
    return Profile(outcome, *map(int, numbers))


def profile_of(visit: Visit) -> str:
    """A visit's profile as a block keeps it."""
    numbers = (
        visit.target,
        visit.paper,
        visit.calls,
        visit.recalls,
        visit.transfers,
        visit.out_of_order,
        visit.readmitted,
    )
    return f"{visit.outcome} {' '.join(map(str, numbers))}"
