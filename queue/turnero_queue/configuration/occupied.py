"""Desks that a configuration would take away while somebody is at them. It is refused, whoever
brings it: their person would stand at a desk that nobody can call from or finish at any more."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue import desks, models, states
from turnero_queue.configuration.values import Configuration
from turnero_queue.models import Ticket
from turnero_queue.waiting import code_of


class Occupied(NamedTuple):
    """The codes of an office and its desk, and who is there."""

    office: str
    desk: str
    ticket: Ticket

    def __str__(self) -> str:
        code = code_of(self.ticket.prefix, self.ticket.number)
        return f"{self.office}/{self.desk}: {code} ({states.name_of(self.ticket.state)})"


def occupied(session: Session, wanted: Configuration) -> list[Occupied]:
    """The desks that are in use now, have no place in `wanted`, and have somebody at them."""
    kept = {(office.code, desk.code) for office in wanted.offices for desk in office.desks}
    query = (
        select(models.Office.code, models.Desk.code, Ticket)
        .join(models.Desk, models.Desk.id == Ticket.desk_id)
        .join(models.Office, models.Office.id == models.Desk.office_id)
        .where(desks.IS_AT_DESK, models.Desk.active)
        .order_by(models.Office.position, models.Desk.position)
    )
    found = (Occupied(*row) for row in session.execute(query))
    return [one for one in found if (one.office, one.desk) not in kept]


def check(session: Session, wanted: Configuration) -> None:
    """Conflict `desk-busy` that names every desk which cannot go now, and who is at it."""
    if found := occupied(session, wanted):
        raise refusal(found)


def refusal(found: list[Occupied]) -> Conflict:
    return Conflict(
        N_(
            "Somebody is at a desk that would be taken away: %(busy)s. Finish with them first. "
            "Nothing has been changed."
        ),
        slug="desk-busy",
        title=N_("The desk is busy"),
        extra={
            "busy": [
                {"office": one.office, "desk": one.desk, "ticket_id": one.ticket.id}
                for one in found
            ]
        },
        busy="; ".join(map(str, found)),
    )
