"""What an address asks for: a period, offices one may see, and what is kept of their visits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from turnero_admin.panel import offices
from turnero_admin.statistics import periods
from turnero_admin.statistics.periods import Period
from turnero_core import clock
from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Office
from turnero_queue.permissions import Permission
from turnero_queue.statistics import Query

#: What may be kept of the visits, by its name in an address.
FILTERS = ("service", "desk", "staff", "priority", "origin", "hour", "weekday")
ORIGINS = ("kiosk", "web", "staff", "appointment", "api")


@dataclass(frozen=True)
class Asked:
    """`office` is None for all of one's offices; `kept` maps names of FILTERS to a value."""

    offices: tuple[Office, ...]
    office: Office | None
    period: Period
    kept: Mapping[str, str]
    today: date

    @property
    def query(self) -> Query:
        return self.of(self.period)

    def of(self, period: Period, where: tuple[Office, ...] | None = None) -> Query:
        """The same of another period, or of other offices."""
        one = {name: (value,) for name, value in self.kept.items()}
        return Query(
            where or self.offices,
            period.first,
            period.last,
            services=one.get("service", ()),
            desks=one.get("desk", ()),
            staff=one.get("staff", ()),
            priorities=one.get("priority", ()),
            origins=one.get("origin", ()),
            hours=tuple(int(value) for value in one.get("hour", ())),
            weekdays=tuple(int(value) for value in one.get("weekday", ())),
        )

    def address(self, **changed: str | None) -> dict[str, Any]:
        """The arguments of an address that asks for this; what is changed to None is left out."""
        now: dict[str, str | None] = {**self.period.address(), **self.kept}
        if self.office:
            now["office"] = self.office.code
        if "period" in changed:
            now = {name: value for name, value in now.items() if name not in ("from", "to")}
        return {name: value for name, value in {**now, **changed}.items() if value}


def read(unit: Unit, period: Period | None = None) -> Asked:
    """What the address asks for; Forbidden for another's office, NotFound for what is not there."""
    office = offices.chosen(unit, Permission.STATISTICS_VIEW)
    where = tuple([office] if office else unit.offices_with(Permission.STATISTICS_VIEW))
    today = clock.local_date(unit.now, (where or unit.catalogue.offices)[0].zone)
    kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    for name, value in kept.items():
        _CHECKS[name](unit, value)
    return Asked(where, office, period or periods.read(request.args, today), kept, today)


def _service(unit: Unit, code: str) -> None:
    if code not in {service.code for service in unit.catalogue.services_by_id.values()}:
        raise NotFound(N_("There is no service %(service)s."), service=code)


def _desk(unit: Unit, code: str) -> None:
    """Written OFFICE/DESK, because two offices may have a desk of one name."""
    unit.require(Permission.STATISTICS_VIEW, unit.catalogue.office(code.partition("/")[0]).id)


def _priority(unit: Unit, code: str) -> None:
    if code not in {priority.code for priority in unit.catalogue.priorities_by_id.values()}:
        raise NotFound(N_("There is no such selection."))


def _among(values: Mapping[str, object] | tuple[str, ...]) -> Callable[[Unit, str], None]:
    def check(unit: Unit, value: str) -> None:
        if value not in values:
            raise NotFound(N_("There is no such selection."))

    return check


_CHECKS: Mapping[str, Callable[[Unit, str], None]] = {
    "service": _service,
    "desk": _desk,
    # Any login: figures are of one's own offices, and of a stranger there are none.
    "staff": lambda unit, login: None,
    "priority": _priority,
    "origin": _among(ORIGINS),
    "hour": _among(tuple(str(hour) for hour in range(24))),
    "weekday": _among(tuple(str(day) for day in range(7))),
}
