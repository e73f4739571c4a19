"""Points of sale: where receipts are numbered, one after another. Configured under `payments:
points_of_sale:`; an office without any has one, which is called as the office is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_hardware.models import Printer
from turnero_queue import catalogue, printing
from turnero_queue.catalogue import Office
from turnero_queue.models import Municipality

KEY = "points_of_sale"


@dataclass(frozen=True)
class PointOfSale:
    """`office` and `printer` are codes; without a printer it is the office's first one."""

    code: str
    name: Mapping[str, str]
    office: str
    printer: str | None = None

    def to_plain(self) -> dict[str, Any]:
        plain = {"code": self.code, "name": dict(self.name), "office": self.office}
        return {**plain, "printer": self.printer} if self.printer else plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> PointOfSale:
        return cls(**plain)


def configured(session: Session) -> tuple[PointOfSale, ...]:
    """Those that were configured."""
    row = session.get(Municipality, 1)
    written = row.payments.get(KEY, []) if row else []
    return tuple(PointOfSale.from_plain(one) for one in written)


def of_office(session: Session, office: Office) -> tuple[PointOfSale, ...]:
    """The office's points of sale, at least one."""
    found = tuple(one for one in configured(session) if one.office == office.code)
    return found or (PointOfSale(office.code, office.name, office.code),)


def choose(session: Session, office: Office, code: str | None) -> PointOfSale:
    """The office's point of sale `code`, its first one without a code; Invalid for another's."""
    known = of_office(session, office)
    for one in known:
        if code is None or one.code == code:
            return one
    message = gettext(N_("There is no such point of sale in this office."))
    raise Invalid(errors={"point_of_sale": [message]})


def settled(session: Session, office_id: str, code: str | None) -> PointOfSale:
    """The one that numbers what was begun at `code`. Money that has come needs its receipt even
    when the point of sale was taken out of the configuration meanwhile."""
    office = catalogue.current(session).offices_by_id[office_id]
    known = of_office(session, office)
    return next((one for one in known if one.code == code), known[0])


def printer_of(session: Session, place: PointOfSale) -> Printer | None:
    """The printer that stands there; None when the office has none."""
    office = catalogue.current(session).office(place.office)
    return printing.printer_for(session, office, place.printer)
