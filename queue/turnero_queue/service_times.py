"""How long each service really takes at an office: measured, falling back to configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from turnero_queue.catalogue import Office, Service
from turnero_queue.models import Ticket

# The latest this many attentions of a service tell its time.
SAMPLE = 60
HORIZON = timedelta(days=28)
# A clerk who forgot to press “finish” must not teach the estimate.
LONGEST_S = 4 * 3600
# On the way to the desk a person keeps it from others too; what is longer was a pause.
LONGEST_WALK_S = 180
# The configured duration weighs as much as this many measured attentions.
CONFIGURED_WEIGHT = 5
# Spread of a service that was not measured: standard deviation as a share of its duration.
CONFIGURED_SPREAD = 0.6
FRESH_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """Seconds that one person keeps a desk: mean and variance, from `measured` past ones."""

    mean: float
    variance: float
    measured: int

    @property
    def doubt(self) -> float:
        """Standard error of the mean: every person ahead is off by the same unknown amount."""
        return sqrt(self.variance / (self.measured + CONFIGURED_WEIGHT))


@dataclass(frozen=True)
class _Cached:
    version: tuple[int, ...]
    read_at: datetime
    times: Mapping[str, ServiceTime]


def of_office(session: Session, office: Office, now: datetime) -> Mapping[str, ServiceTime]:
    """Service id -> its time at this office, read again when a minute old."""
    key = ("service_times", office.id)
    version = tuple(int(service.duration.total_seconds()) for service in office.services)
    cached: _Cached | None = session.info["cache"].get(key)
    if cached and cached.version == version and abs(now - cached.read_at) < FRESH_FOR:
        return cached.times
    times = {
        service.id: combine(service, _measured(session, office, service, now))
        for service in office.services
    }
    session.info["cache"][key] = _Cached(version, now, times)
    return times


def combine(service: Service, seconds: list[int]) -> ServiceTime:
    """Measured seconds drawn towards the configured duration, the more so the fewer they are."""
    configured = service.duration.total_seconds()
    weight = len(seconds) + CONFIGURED_WEIGHT
    mean = (sum(seconds) + CONFIGURED_WEIGHT * configured) / weight
    squares = sum((value - mean) ** 2 for value in seconds)
    prior = (CONFIGURED_SPREAD * configured) ** 2 + (configured - mean) ** 2
    return ServiceTime(mean, (squares + CONFIGURED_WEIGHT * prior) / weight, len(seconds))


def busy_seconds(served_s: int, called_at: datetime, until: datetime) -> int:
    """How long one person has kept one desk, from the call to `until`.

    `served_s` may hold attention at earlier desks, and the time since the call a wait outside, so
    the smaller counts; a clerk who never presses “start” leaves it at 0.
    """
    since_call = max(0, int((until - called_at).total_seconds()))
    return min(since_call, served_s + LONGEST_WALK_S) if served_s else since_call


def _measured(session: Session, office: Office, service: Service, now: datetime) -> list[int]:
    query = (
        select(Ticket.served_s, Ticket.called_at, Ticket.ended_at)
        .where(
            Ticket.office_id == office.id,
            Ticket.service_id == service.id,
            # Written out so that PostgreSQL can match the partial index.
            Ticket.state == literal_column("'done'"),
            Ticket.ended_at > now - HORIZON,
            Ticket.ended_at <= now,
        )
        .order_by(Ticket.ended_at.desc())
        .limit(SAMPLE)
    )
    busy = [
        busy_seconds(row.served_s, row.called_at or row.ended_at, row.ended_at)
        for row in session.execute(query)
    ]
    return [seconds for seconds in busy if 0 < seconds <= LONGEST_S]
