"""What visits have in common that is added up but never asked for by itself."""

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

    @classmethod
    def of(cls, text: str) -> "Profile":
        outcome, *numbers = text.split()
        return cls(outcome, *map(int, numbers))


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
