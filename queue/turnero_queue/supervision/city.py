"""Every office at a glance, for whoever looks after several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.models import DeviceAlert
from turnero_queue.supervision import office_now, troubles
from turnero_queue.supervision.office_now import OfficeNow

CALM, BUSY, TROUBLED, CLOSED = "calm", "busy", "troubled", "closed"


@dataclass(frozen=True)
class Glance:
    """An office in figures; `worst` is its worst trouble, in words, empty when there is none."""

    office: Office
    is_open: bool
    waiting: int
    longest_s: int
    over: int
    open_desks: int
    desks: int
    expected_s: int
    devices: int
    troubles: int
    worst: str

    @property
    def state(self) -> str:
        """How it is, in one word: what is wrong counts before that it is busy."""
        if self.over or self.devices:
            return TROUBLED
        if not self.is_open and not self.waiting:
            return CLOSED
        return BUSY if self.troubles else CALM


def glances(
    session: Session,
    catalogue: Catalogue,
    offices: Sequence[Office],
    alerts: Sequence[DeviceAlert],
    now: datetime,
) -> list[Glance]:
    """The offices, in the order of the configuration."""
    return [
        _glance(
            office_now.of(
                session,
                catalogue,
                office,
                now,
                [alert for alert in alerts if alert.office_id == office.id],
            )
        )
        for office in offices
    ]


def _glance(found: OfficeNow) -> Glance:
    wrong = troubles.of(found)
    expected = found.expected
    return Glance(
        found.office,
        found.span is not None,
        len(found.people),
        found.longest_s,
        found.over,
        found.open_desks,
        len(found.desks),
        expected.p50_s if expected else 0,
        len({alert.subject_id for alert in found.alerts}),
        len(wrong),
        wrong[0].text if wrong else "",
    )
