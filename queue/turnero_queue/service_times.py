"""How long each service really takes at an office: measured, falling back to configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from turnero_queue.catalogue import Office, Service
from turnero_queue.models import Ticket

# The latest this many attentions of a service tell its time.
SAMPLE = 60
HORIZON = timedelta(days=28)
# A clerk who forgot to press “finish” must not teach the estimate.
LONGEST_S = 4 * 3600
# The configured duration weighs as much as this many measured attentions.
CONFIGURED_WEIGHT = 5
# Spread of a service that was not measured: standard deviation as a share of its duration.
CONFIGURED_SPREAD = 0.6
FRESH_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """Seconds of one attention: mean and variance, from `measured` past ones."""

    mean: float
    variance: float
    measured: int


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


def _measured(session: Session, office: Office, service: Service, now: datetime) -> list[int]:
    query = (
        select(Ticket.served_s)
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
    return [seconds for seconds in session.scalars(query) if 0 < seconds <= LONGEST_S]
