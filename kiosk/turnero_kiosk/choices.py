"""What the kiosk offers on each screen: at most six tiles, whatever is configured."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_, pick
from turnero_queue import estimate, issuing
from turnero_queue.catalogue import Catalogue, Category, Office, Service
from turnero_queue.estimate import Wait
from turnero_queue.models import Ticket

TILES = 6
FREQUENT = 3
# What was asked for in these days tells what is frequent.
RECENT = timedelta(days=14)
REST = "_"
_REST = Category(REST, {}, "ellipsis")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of many; `following` is the page that “More” leads to, None when all are shown."""

    items: Sequence[Item]
    number: int
    following: int | None


@dataclass(frozen=True)
class Group:
    """A category as a tile: `examples` says in a few words what is behind it."""

    category: Category
    services: tuple[Service, ...]

    @property
    def examples(self) -> str:
        return " · ".join(pick(service.name) for service in self.services[:3])


@dataclass(frozen=True)
class Offer:
    """A service as it stands now: its wait, or why no turn can be had."""

    service: Service
    wait: Wait
    refusal: Conflict | None


def page_of(items: Sequence[Item], number: int) -> Page[Item]:
    """One screenful; with more than six, five and a way on, the last leading to the first."""
    if len(items) <= TILES:
        return Page(items, 1, None)
    size = TILES - 1
    last = -(-len(items) // size)
    number = min(max(number, 1), last)
    return Page(items[(number - 1) * size : number * size], number, number % last + 1)


def groups(catalogue: Catalogue, office: Office) -> list[Group]:
    """The office's services by category; what has none comes last, together."""
    known = {category.code for category in catalogue.categories}
    found = []
    for category in (*catalogue.categories, _REST):
        services = tuple(
            service
            for service in office.services
            if (service.category if service.category in known else REST) == category.code
        )
        if services:
            found.append(Group(category, services))
    return found


def group(catalogue: Catalogue, office: Office, code: str) -> Group:
    for found in groups(catalogue, office):
        if found.category.code == code:
            return found
    raise NotFound(N_("There is no category %(category)s."), category=code)


def code_of_group(catalogue: Catalogue, office: Office, service: Service) -> str | None:
    """The category that a service is found under; None where all services fit one screen."""
    if few(office):
        return None
    known = {category.code for category in catalogue.categories}
    return service.category if service.category in known else REST


def few(office: Office) -> bool:
    """Whether every service fits one screen, so that nobody has to choose a category."""
    return len(office.services) <= TILES


def frequent(session: Session, office: Office, now: datetime) -> list[Service]:
    """The services most asked for of late; those that come first in the configuration fill up."""
    if few(office):
        return []
    since = clock.local_date(now - RECENT, office.zone)
    # Once a day is enough; the cache lives as long as the process and holds one entry an office.
    cache, mark = session.info["cache"], (clock.local_date(now, office.zone), office.services)
    kind = ("frequent", office.id, len(office.services))
    known = cache.get(kind)
    if known is None or known[0] != mark:
        query = (
            select(Ticket.service_id, func.count())
            .where(Ticket.office_id == office.id, Ticket.business_day >= since)
            .group_by(Ticket.service_id)
        )
        asked = Counter({row[0]: row[1] for row in session.execute(query)})
        ranked = sorted(office.services, key=lambda service: -asked[service.id])
        known = cache[kind] = (mark, ranked[:FREQUENT])
    return list(known[1])


def offers(
    session: Session, office: Office, services: Sequence[Service], now: datetime
) -> list[Offer]:
    """Each service with its wait as of now."""
    waits = estimate.of_office(session, office, now)
    waits.of_waiting()
    return [
        Offer(service, waits.of_arrival(service.id), refusal(session, office, service, now))
        for service in services
    ]


def refusal(session: Session, office: Office, service: Service, now: datetime) -> Conflict | None:
    """Why a turn for `service` would be refused now; None when it would be given."""
    try:
        issuing.check(session, office, service, now)
    except Conflict as reason:
        return reason
    return None


def elsewhere(catalogue: Catalogue, office: Office, service: Service) -> list[Office]:
    """The other offices that attend the same."""
    return [
        other for other in catalogue.offices if other is not office and service in other.services
    ]
