"""What may be answered once: a turn that was attended, or a visit to a kiosk."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from turnero_core import clock
from turnero_queue.catalogue import Office
from turnero_queue.models import Ticket

Source = Literal["phone", "tablet", "kiosk"]
# After a turn has ended it may be judged for so long.
OPEN_FOR = timedelta(hours=24)
BAND_HOURS = 3


@dataclass(frozen=True)
class Occasion:
    """`secret` stands for the turn or the visit and is never stored; the rest is counted."""

    secret: str
    source: Source
    office_id: str
    day: date
    hour: int
    service_id: str | None = None
    desk_id: str | None = None

    @property
    def week(self) -> date:
        """The Monday before or on the day."""
        return self.day - timedelta(days=self.day.weekday())

    @property
    def band(self) -> str:
        """The first hour of the band of hours: "09" is from 9 to 12."""
        return f"{self.hour // BAND_HOURS * BAND_HOURS:02}"


def of_ticket(ticket: Ticket, office: Office, source: Source, now: datetime) -> Occasion | None:
    """The occasion of a turn: once it is done and for a day from then; else None."""
    if ticket.state != "done" or ticket.ended_at is None or now - ticket.ended_at > OPEN_FOR:
        return None
    return Occasion(
        f"ticket/{ticket.public_token}",
        source,
        office.id,
        ticket.business_day,
        ticket.ended_at.astimezone(office.zone).hour,
        ticket.service_id,
        ticket.desk_id,
    )


def of_visit(visit: str, office: Office, now: datetime) -> Occasion:
    """The occasion of somebody at a kiosk, of whom nothing else is known."""
    local = now.astimezone(office.zone)
    return Occasion(
        f"visit/{visit}", "kiosk", office.id, clock.local_date(now, office.zone), local.hour
    )
