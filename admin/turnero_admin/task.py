"""An action asked for at a console: the desk, its office held, and the form that came with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import select

from turnero_admin import place
from turnero_admin.place import Place
from turnero_core.errors import Invalid, NotFound
from turnero_core.i18n import N_
from turnero_queue import verbs, waiting
from turnero_queue.api.edge import Unit
from turnero_queue.models import Ticket
from turnero_queue.sequence import Moment

LONGEST_REASON = 500
LONGEST_NOTES = 1000


@dataclass(frozen=True)
class Task:
    place: Place
    moment: Moment

    @property
    def unit(self) -> Unit:
        return self.place.unit

    def ticket(self, ticket_id: str) -> Ticket:
        """A ticket of this office, as it is now that the office is held."""
        ticket = self.unit.session.scalar(
            select(Ticket).where(Ticket.id == ticket_id, Ticket.office_id == self.place.office.id)
        )
        if ticket is None:
            raise NotFound(N_("There is no such ticket."))
        return ticket

    def asked(self, ticket: Ticket, **body: Any) -> verbs.Request:
        """The form as a verb's request, from this desk; `body` adds to it."""
        unit = self.unit
        given: Mapping[str, Any] = {"desk": self.place.desk.code, "reason": reason(), **body}
        return verbs.Request.of(
            unit.session, self.moment, unit.catalogue, ticket, unit.actor, given
        )


def begin(unit: Unit, office: str, desk: str) -> Task:
    found = place.find(unit, office, desk)
    return Task(found, unit.hold(found.office.id))


def code_of(ticket: Ticket) -> str:
    return waiting.code_of(ticket.prefix, ticket.number)


def reason() -> str:
    return text("reason", LONGEST_REASON).strip()


def text(name: str, longest: int) -> str:
    """A field of the form without control characters; Invalid when it is too long."""
    raw = request.form.get(name, "").replace("\r\n", "\n")
    found = "".join(char for char in raw if char.isprintable() or char in "\n\t")
    if len(found) > longest:
        raise Invalid(N_("Write at most %(longest)s characters."), longest=longest)
    return found
