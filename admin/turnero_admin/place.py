"""The desk that a request is about, when whoever asks may work there."""

from dataclasses import dataclass
from datetime import date

from turnero_core import clock
from turnero_queue.api.edge import Unit
from turnero_queue.catalogue import Desk, Office
from turnero_queue.permissions import Permission


@dataclass(frozen=True)
class Place:
    """One desk, seen in one request's transaction."""

    unit: Unit
    office: Office
    desk: Desk

    @property
    def day(self) -> date:
        """The office's business day."""
        return clock.local_date(self.unit.now, self.office.zone)


def find(unit: Unit, office_code: str, desk_code: str) -> Place:
    """NotFound when there is no such desk, Forbidden when it is in an office of others."""
    office = unit.catalogue.office(office_code)
    unit.require(Permission.DESK_ATTEND, office.id)
    return Place(unit, office, office.desk(desk_code))
