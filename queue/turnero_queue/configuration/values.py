"""What a configuration file says, as values: checked, and in one canonical order and form."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from turnero_queue.availability import PUBLIC, SHARED_GROUP
from turnero_queue.configuration.problems import Finding
from turnero_queue.opening import WEEKDAYS

Names = Mapping[str, str]
Hours = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Municipality:
    name: str
    timezone: str
    locale: str
    languages: tuple[str, ...]
    currency: str
    colour: str | None = None
    logo: str | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)
    notices: Mapping[str, Any] = field(default_factory=dict)
    payments: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Names] = field(default_factory=dict)
    sign_in: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Category:
    code: str
    name: Names
    icon: str | None = None


@dataclass(frozen=True)
class Service:
    """`fee_minor` is in the currency's smallest unit."""

    code: str
    prefix: str
    name: Names
    category: str | None = None
    description: Names = field(default_factory=dict)
    requirements: tuple[Names, ...] = ()
    place: Names = field(default_factory=dict)
    icon: str | None = None
    duration_minutes: int = 10
    target_wait_minutes: int = 20
    fee_minor: int | None = None
    channel: str = "in_person"
    appointments: bool = False
    external_code: str | None = None
    daily_limit: int | None = None
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Priority:
    code: str
    name: Names
    description: Names = field(default_factory=dict)
    icon: str | None = None
    head_start_minutes: int = 0


@dataclass(frozen=True)
class Closure:
    """Both days are closed, and those between."""

    first: date
    last: date
    reason: Names = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """A service that an office gives."""

    code: str
    daily_limit: int | None = None
    place: Names = field(default_factory=dict)


@dataclass(frozen=True)
class Attends:
    """A service that a desk attends."""

    code: str
    handicap_minutes: int = 0


@dataclass(frozen=True)
class Desk:
    code: str
    name: Names
    services: tuple[Attends, ...] = ()


@dataclass(frozen=True)
class Printer:
    """`uri` and `profile` as in turnero_hardware.models.Printer."""

    code: str
    name: str
    uri: str
    profile: str = "80mm"


@dataclass(frozen=True)
class Availability:
    """As turnero_queue.availability.Availability, with hours as the file writes them."""

    code: str
    services: tuple[str, ...]
    hours: Hours
    slot_minutes: int
    name: Names = field(default_factory=dict)
    seats: int = 1
    desks: tuple[str, ...] = ()
    group: str = SHARED_GROUP
    pool: str = PUBLIC
    first: date | None = None
    last: date | None = None
    every_weeks: int = 1
    exceptions: tuple[date, ...] = ()
    buffer_minutes: int = 0
    lead_minutes: int = 60
    horizon_days: int = 60
    desks_needed: int = 1


@dataclass(frozen=True)
class Office:
    """`hours` has a key for each day it opens, in the week's order; `latitude` and `longitude`
    are degrees, both or neither."""

    code: str
    name: Names
    hours: Hours
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    timezone: str | None = None
    holidays: str | None = None
    closures: tuple[Closure, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Names] = field(default_factory=dict)
    hall: Mapping[str, Any] = field(default_factory=dict)
    desks: tuple[Desk, ...] = ()
    services: tuple[Offer, ...] = ()
    printers: tuple[Printer, ...] = ()
    availability: tuple[Availability, ...] = ()


@dataclass(frozen=True)
class Configuration:
    """`warnings` are worth a look but keep nothing from working."""

    municipality: Municipality
    categories: tuple[Category, ...]
    services: tuple[Service, ...]
    priorities: tuple[Priority, ...]
    offices: tuple[Office, ...]
    warnings: tuple[Finding, ...] = field(default=(), compare=False)


def open_round_the_clock(configuration: Configuration) -> Configuration:
    """The same with every office open all day and every day, for showing it at any hour."""
    always = dict.fromkeys(WEEKDAYS, ("00:00-24:00",))
    offices = tuple(
        replace(office, hours=always, holidays=None, closures=())
        for office in configuration.offices
    )
    return replace(configuration, offices=offices)
