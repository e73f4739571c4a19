"""The configuration as immutable values, read once per version and shared by a process.

Everything that decides something about a turn takes these values, so that the rules are plain
functions. `current()` costs one small query when nothing has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from turnero_core.db import Base
from turnero_core.errors import Conflict, Invalid, NotFound
from turnero_core.i18n import N_, gettext
from turnero_queue import models
from turnero_queue.availability import Availability
from turnero_queue.rules import Rules
from turnero_queue.texts import HallSettings, Texts

Names = Mapping[str, str]
_CHANGED_HERE = "configuration_changed"
_ASKED = "configuration_asked"


@dataclass(frozen=True)
class Service:
    id: str
    code: str
    prefix: str
    name: Names
    category: str | None
    description: Names
    requirements: tuple[Names, ...]
    place: Names
    icon: str | None
    duration: timedelta
    target_wait: timedelta
    fee_minor: int | None
    channel: str
    appointments: bool
    external_code: str | None
    daily_limit: int | None


@dataclass(frozen=True)
class Priority:
    id: str
    code: str
    name: Names
    description: Names
    icon: str | None
    head_start: timedelta


@dataclass(frozen=True)
class Category:
    code: str
    name: Names
    icon: str | None


@dataclass(frozen=True)
class Desk:
    """`handicaps` maps the id of each service attended here to its handicap."""

    id: str
    code: str
    name: Names
    handicaps: Mapping[str, timedelta]


@dataclass(frozen=True)
class Closure:
    first: date
    last: date
    reason: Names


@dataclass(frozen=True)
class Location:
    """Degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Office:
    """`hours` maps mon … sun to pairs of minutes after local midnight."""

    id: str
    code: str
    name: Names
    address: str
    zone: ZoneInfo
    hours: Mapping[str, tuple[tuple[int, int], ...]]
    holidays: str | None
    closures: tuple[Closure, ...]
    rules: Rules
    services: tuple[Service, ...]
    limits: Mapping[str, int]
    places: Mapping[str, Names]
    desks: tuple[Desk, ...]
    availabilities: tuple[Availability, ...] = ()
    location: Location | None = None
    texts: Texts = field(default_factory=Texts)
    hall: HallSettings = field(default_factory=HallSettings)

    def service(self, code: str) -> Service:
        """The service offered here under `code`; Conflict when the office does not offer it."""
        for service in self.services:
            if service.code == code:
                return service
        raise Conflict(
            N_("The office %(office)s does not offer the service %(service)s."),
            slug="service-not-offered",
            office=self.code,
            service=code,
        )

    def desk(self, code: str) -> Desk:
        for desk in self.desks:
            if desk.code == code:
                return desk
        raise NotFound(
            N_("The office %(office)s has no desk %(desk)s."), office=self.code, desk=code
        )

    @cached_property
    def desks_by_id(self) -> Mapping[str, Desk]:
        return {desk.id: desk for desk in self.desks}


@dataclass(frozen=True)
class Hook:
    """A webhook that is in force: what is noted for it, of one office or of all."""

    id: str
    events: frozenset[str]
    office_id: str | None

    def wants(self, event: str, office_id: str | None) -> bool:
        return event in self.events and self.office_id in (None, office_id)


@dataclass(frozen=True)
class Catalogue:
    version: int
    name: str
    timezone: str
    locale: str
    languages: tuple[str, ...]
    currency: str
    colour: str | None
    logo: str | None
    categories: tuple[Category, ...]
    services: tuple[Service, ...]
    priorities: tuple[Priority, ...]
    offices: tuple[Office, ...]
    # Retired ones too: tickets of the past refer to them.
    services_by_id: Mapping[str, Service]
    priorities_by_id: Mapping[str, Priority]
    offices_by_id: Mapping[str, Office]
    desks_by_id: Mapping[str, Desk]
    webhooks: tuple[Hook, ...] = ()

    def office(self, code: str) -> Office:
        for office in self.offices:
            if office.code == code:
                return office
        raise NotFound(N_("There is no office %(office)s."), office=code)

    def service(self, code: str) -> Service:
        for service in self.services:
            if service.code == code:
                return service
        raise NotFound(N_("There is no service %(service)s."), service=code)

    def priority(self, code: str | None) -> Priority:
        """The priority called `code`, or the first configured one when none is asked for."""
        for priority in self.priorities:
            if code is None or priority.code == code:
                return priority
        known = ", ".join(priority.code for priority in self.priorities)
        said = gettext(N_("Use one of these: %(choices)s."), choices=known)
        raise Invalid(errors={"priority": [said]})


_VERSION = select(Base.metadata.tables[models.Municipality.__tablename__].c.config_version)


def version_in_force(source: Session | Connection) -> int:
    """Which version of the configuration is in force; 0 while nothing is configured."""
    return source.scalar(_VERSION) or 0


def current(session: Session) -> Catalogue:
    """The configuration in force in this transaction: as it was when it first asked."""
    asked: Catalogue | None = session.info.get(_ASKED)
    if asked is not None and not session.info.get(_CHANGED_HERE):
        return asked
    version = session.scalar(_VERSION)
    if version is None:
        raise Conflict(
            N_("Nothing is configured yet: load a configuration file with “turnero load FILE”."),
            slug="not-configured",
        )
    from turnero_queue.catalogue_reader import read

    if session.info.get(_CHANGED_HERE):
        # Not committed yet: nobody else may see it, and it may still be rolled back.
        return read(session)
    known: Catalogue | None = session.info["cache"].get("catalogue")
    if known is None or known.version != version:
        known = session.info["cache"]["catalogue"] = read(session)
    session.info[_ASKED] = known
    return known


def bump_version(session: Session) -> None:
    """Tell every process that the configuration has changed; call in the same transaction."""
    municipality = session.get_one(models.Municipality, 1)
    municipality.config_version += 1
    session.info[_CHANGED_HERE] = True
    session.flush()
