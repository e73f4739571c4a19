"""The words of the booking: what is wished for, a slot, who books, and the refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from turnero_core.errors import Conflict, Invalid, Problem
from turnero_core.i18n import N_, gettext
from turnero_queue.availability import POOLS, PUBLIC, STAFF
from turnero_queue.catalogue import Catalogue, Office, Service

__all__ = ["POOLS", "PUBLIC", "STAFF"]
MOST_SERVICES = 10
MOST_OF_ONE = 20


class Slot(NamedTuple):
    """A time at which something can begin, both ends in UTC, and how many may still book it."""

    start: datetime
    end: datetime
    seats_left: int


@dataclass(frozen=True)
class Wanted:
    service: Service
    quantity: int = 1


Wish = Sequence[Wanted]


@dataclass(frozen=True)
class Person:
    """Who comes, as they wrote it; everything may be missing."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def reachable(self) -> bool:
        return bool(self.email or self.phone)


NOBODY = Person()


@dataclass(frozen=True)
class Booker:
    """Who books and from where. `address` is the internet address that holds are counted by."""

    actor: str = "citizen"
    origin: str = "web"
    language: str = "es"
    pool: str = PUBLIC
    address: str = ""
    notes: str = ""


CITIZEN = Booker()


class TooMany(Problem):
    """So many of something that no more are given for now."""

    status = 429
    slug = "too-many-requests"
    title = N_("Too many at once")


def wish(catalogue: Catalogue, office: Office, codes: Sequence[tuple[str, int]]) -> list[Wanted]:
    """The services of `codes` with their quantities; NotFound, Conflict or Invalid otherwise."""
    found: dict[str, int] = {}
    for code, quantity in codes:
        catalogue.service(code)
        service = office.service(code)
        if not service.appointments:
            raise no_appointments(code)
        found[code] = found.get(code, 0) + quantity
    if not 1 <= len(found) <= MOST_SERVICES:
        raise Invalid(errors={"services": [gettext(N_("Choose at least one service."))]})
    if not all(1 <= quantity <= MOST_OF_ONE for quantity in found.values()):
        text = gettext(N_("Use a quantity from 1 to %(most)s."), most=MOST_OF_ONE)
        raise Invalid(errors={"services": [text]})
    return [Wanted(office.service(code), quantity) for code, quantity in found.items()]


def codes_of(wanted: Wish) -> frozenset[str]:
    return frozenset(each.service.code for each in wanted)


def duration_of(wanted: Wish) -> timedelta:
    return sum((each.service.duration * each.quantity for each in wanted), timedelta(0))


def no_appointments(code: str) -> Conflict:
    return Conflict(
        N_("“%(service)s” is attended without an appointment: just come and take a turn."),
        slug="service-not-offered",
        service=code,
    )
