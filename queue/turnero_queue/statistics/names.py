"""How the values of a dimension are called, and in which order they stand."""

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.i18n import N_, gettext, pick
from turnero_queue import models
from turnero_queue.catalogue import Catalogue
from turnero_queue.opening import WEEKDAY_NAMES

DIMENSION_NAMES = MappingProxyType(
    {
        "office": N_("Office"),
        "service": N_("Service"),
        "desk": N_("Desk"),
        "staff": N_("Staff"),
        "priority": N_("Priority"),
        "origin": N_("Where the turn was taken"),
        "hour": N_("Hour of arrival"),
        "weekday": N_("Weekday"),
        "day": N_("Day"),
        "month": N_("Month"),
    }
)
ORIGIN_NAMES = MappingProxyType(
    {
        "kiosk": N_("Kiosk"),
        "web": N_("Phone or web"),
        "staff": N_("Front desk"),
        "appointment": N_("Appointment"),
        "api": N_("Another system"),
    }
)
NOT_CALLED = N_("Not called to any desk")
NOBODY = N_("No member of staff")


class Names:
    """The names of one report, in the reader's language; a value that is gone is its own name."""

    def __init__(self, session: Session, configured: Catalogue) -> None:
        self._session = session
        self._named: dict[str, Mapping[str, Any]] = {
            "office": {one.code: one.name for one in configured.offices_by_id.values()},
            "service": {one.code: one.name for one in configured.services_by_id.values()},
            "priority": {one.code: one.name for one in configured.priorities_by_id.values()},
        }
        self._desks = {
            (office.code, desk.code): desk.name
            for office in configured.offices_by_id.values()
            for desk in office.desks
        }
        self._members: Mapping[str, str] | None = None
        self._readers: Mapping[str, Callable[[Any], str]] = {
            "desk": self._desk,
            "staff": self._member,
            "origin": lambda value: gettext(ORIGIN_NAMES.get(value, value)),
            "hour": lambda value: f"{value:02d}:00",
            "weekday": lambda value: gettext(WEEKDAY_NAMES[value]),
            "day": lambda value: value.isoformat(),
            "month": lambda value: value.strftime("%Y-%m"),
        }

    def key(self, dimension: str, value: Any) -> str:
        """A value as a query's filter takes it."""
        if dimension == "desk":
            office, desk = value
            return f"{office}/{desk}" if desk else ""
        return str(value)

    def name(self, dimension: str, value: Any) -> str:
        if dimension in self._named:
            found = self._named[dimension].get(value)
            return pick(found) if found else value
        return self._readers[dimension](value)

    def order(self, dimension: str, value: Hashable) -> Any:
        """By time where the dimension is one, else by name, whatever has none at the end."""
        if isinstance(value, int | date):
            return value
        missing = value == "" or (isinstance(value, tuple) and not value[-1])
        return missing, self.name(dimension, value).casefold(), self.key(dimension, value)

    def _desk(self, value: tuple[str, str]) -> str:
        office, desk = value
        if not desk:
            return f"{gettext(NOT_CALLED)} · {self.name('office', office)}"
        name = self._desks.get(value)
        return f"{pick(name) if name else desk} · {self.name('office', office)}"

    def _member(self, login: str) -> str:
        if self._members is None:
            rows = self._session.execute(select(models.Staff.login, models.Staff.name))
            self._members = {row.login: row.name or row.login for row in rows}
        return self._members.get(login, login) if login else gettext(NOBODY)
