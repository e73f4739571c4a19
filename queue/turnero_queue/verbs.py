"""Each verb of a ticket as it may be asked for from outside: what it needs, and what it calls.

The API and the console share this table, so that a verb means the same in both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue import attending, calling, moves
from turnero_queue.catalogue import Catalogue, Desk, Office, Service
from turnero_queue.models import Ticket
from turnero_queue.sequence import Moment


@dataclass(frozen=True)
class Request:
    """A verb asked of a ticket, in a transaction that holds its office."""

    session: Session
    moment: Moment
    catalogue: Catalogue
    ticket: Ticket
    actor: str
    reason: str | None
    desk_code: str | None
    service_code: str | None
    to_desk_code: str | None
    outcome: str
    given_codes: tuple[str, ...]

    @classmethod
    def of(
        cls,
        session: Session,
        moment: Moment,
        catalogue: Catalogue,
        ticket: Ticket,
        actor: str,
        body: Mapping[str, Any],
    ) -> "Request":
        """`body` as API.md writes it: desk, reason, service, to_desk, outcome, services_given."""
        return cls(
            session=session,
            moment=moment,
            catalogue=catalogue,
            ticket=ticket,
            actor=actor,
            reason=body.get("reason") or None,
            desk_code=body.get("desk"),
            service_code=body.get("service"),
            to_desk_code=body.get("to_desk"),
            outcome=body.get("outcome", "resolved"),
            given_codes=tuple(body.get("services_given", ())),
        )

    @property
    def office(self) -> Office:
        return self.catalogue.offices_by_id[self.ticket.office_id]

    def check(self, verb: str) -> None:
        """Refuse an illegal move first, and one asked by a desk that does not have the person."""
        moves.check(self.ticket, verb, self.office, self.moment.at)
        desk = self.desk()
        if desk is not None and self.ticket.desk_id not in (None, desk.id):
            raise Conflict(
                N_("The ticket is at another desk, not at %(desk)s."),
                slug="other-desk",
                extra={"state": self.ticket.state},
                desk=desk.code,
            )

    def desk(self) -> Desk | None:
        return self.office.desk(self.desk_code) if self.desk_code else None

    def service(self) -> Service | None:
        if self.service_code is None:
            return None
        return self.office.service(self.catalogue.service(self.service_code).code)

    def to_desk(self) -> Desk | None:
        return self.office.desk(self.to_desk_code) if self.to_desk_code else None

    def given(self) -> tuple[Service, ...]:
        return tuple(self.catalogue.service(code) for code in self.given_codes)


def call(asked: Request) -> None:
    """Call this person out of order, with a reason, to a desk."""
    moves.check(asked.ticket, "call", asked.office, asked.moment.at)
    calling.call_this(
        asked.session,
        asked.moment,
        asked.catalogue,
        asked.ticket,
        asked.desk(),
        asked.actor,
        asked.reason,
    )


def recall(asked: Request) -> None:
    """Call the same person once more."""
    asked.check("recall")
    calling.recall(asked.session, asked.moment, asked.catalogue, asked.ticket, asked.actor)


def start(asked: Request) -> None:
    """The person has come to the desk."""
    asked.check("start")
    attending.start(asked.session, asked.moment, asked.ticket, asked.actor)


def finish(asked: Request) -> None:
    """End the attention, with its outcome and the services given."""
    asked.check("finish")
    attending.finish(
        asked.session,
        asked.moment,
        asked.catalogue,
        asked.ticket,
        asked.actor,
        outcome=asked.outcome,
        given=asked.given(),
    )


def no_show(asked: Request) -> None:
    """The person did not come."""
    asked.check("no-show")
    attending.no_show(asked.session, asked.moment, asked.catalogue, asked.ticket, asked.actor)


def put_back(asked: Request) -> None:
    """Undo the call: the person waits again in the same place."""
    asked.check("put-back")
    attending.put_back(asked.session, asked.moment, asked.ticket, asked.actor, asked.reason)


def readmit(asked: Request) -> None:
    """Take back somebody who missed the call."""
    moves.check(asked.ticket, "readmit", asked.office, asked.moment.at)
    attending.readmit(asked.session, asked.moment, asked.ticket, asked.actor, asked.reason)


def park(asked: Request) -> None:
    """Set aside somebody who must fetch something."""
    asked.check("park")
    attending.park(asked.session, asked.moment, asked.ticket, asked.actor, asked.reason)


def resume(asked: Request) -> None:
    """Go on with a parked person, at the same desk or another."""
    moves.check(asked.ticket, "resume", asked.office, asked.moment.at)
    attending.resume(
        asked.session,
        asked.moment,
        asked.catalogue,
        asked.ticket,
        asked.actor,
        asked.desk(),
    )


def transfer(asked: Request) -> None:
    """Send the person to another service or desk, with the same number and place."""
    asked.check("transfer")
    attending.transfer(
        asked.session,
        asked.moment,
        asked.catalogue,
        asked.ticket,
        asked.actor,
        service=asked.service(),
        to_desk=asked.to_desk(),
        reason=asked.reason,
    )


def cancel(asked: Request) -> None:
    """Give up a turn that waits."""
    asked.check("cancel")
    attending.cancel(asked.session, asked.moment, asked.ticket, asked.actor, asked.reason)


VERBS: Mapping[str, Callable[[Request], None]] = {
    "call": call,
    "recall": recall,
    "start": start,
    "finish": finish,
    "no-show": no_show,
    "put-back": put_back,
    "readmit": readmit,
    "park": park,
    "resume": resume,
    "transfer": transfer,
    "cancel": cancel,
}
