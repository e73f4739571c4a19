"""What happens after a call: attention, its pauses and its end, or nobody coming."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_queue import desks, moves, order
from turnero_queue.catalogue import Catalogue, Desk, Service
from turnero_queue.models import Ticket, TicketService
from turnero_queue.sequence import Moment

OUTCOMES = ("resolved", "pending")
# A ticket that goes back to waiting has no desk and no calls any more.
_AWAY_FROM_DESK: dict[str, Any] = {"desk_id": None, "calls": 0, "called_at": None}

_OF_VISIT = select(TicketService).where(TicketService.ticket_id == bindparam("ticket"))
_REMAINING = (
    select(TicketService.service_id)
    .where(
        TicketService.ticket_id == bindparam("ticket"),
        TicketService.planned,
        TicketService.given.is_(False),
    )
    .order_by(TicketService.position)
)


def start(session: Session, moment: Moment, ticket: Ticket, actor: str) -> None:
    at_desk = ticket.desk_id
    moves.move(session, moment, ticket, "start", actor, at_desk=at_desk, serving_since=moment.at)


def finish(
    session: Session,
    moment: Moment,
    catalogue: Catalogue,
    ticket: Ticket,
    actor: str,
    *,
    outcome: str = "resolved",
    given: Sequence[Service] = (),
) -> None:
    """End the attention; `given` are the services given, the ticket's own when none is named.

    Raises Conflict `services-remaining` when a resolved visit leaves planned services ungiven.
    """
    moves.check(ticket, "finish", catalogue.offices_by_id[moment.office_id], moment.at)
    services = given or (catalogue.services_by_id[ticket.service_id],)
    _note_given(session, ticket, [service.id for service in services])
    remaining = [catalogue.services_by_id[key].code for key in remaining_services(session, ticket)]
    if remaining and outcome == "resolved":
        raise _services_remain(remaining)
    moves.move(
        session,
        moment,
        ticket,
        "finish",
        actor,
        at_desk=ticket.desk_id,
        data={"outcome": outcome, "services": [service.code for service in services]},
        outcome=outcome,
        ended_at=moment.at,
        served_s=moves.served_until(ticket, moment.at),
        serving_since=None,
    )


def conclude(
    session: Session, moment: Moment, catalogue: Catalogue, ticket: Ticket, actor: str
) -> None:
    """Be done with whoever is at the desk: finish, or send them on to their next service."""
    if ticket.state == "called":
        start(session, moment, ticket, actor)
    _note_given(session, ticket, [ticket.service_id])
    remaining = remaining_services(session, ticket)
    office = catalogue.offices_by_id[moment.office_id]
    if remaining and ticket.business_day == clock.local_date(moment.at, office.zone):
        transfer(session, moment, catalogue, ticket, actor)
    else:
        # Left at the desk overnight: their other services wait for another day.
        outcome = "pending" if remaining else "resolved"
        finish(session, moment, catalogue, ticket, actor, outcome=outcome)


def no_show(
    session: Session, moment: Moment, catalogue: Catalogue, ticket: Ticket, actor: str
) -> None:
    """Mark that the person did not come; Conflict `too-few-calls` before the office's N calls."""
    office = catalogue.offices_by_id[moment.office_id]
    moves.check(ticket, "no-show", office, moment.at)
    needed = office.rules.no_show_after_calls
    if ticket.calls < needed:
        raise Conflict(
            N_("Call %(needed)s times before marking a no-show; so far %(calls)s."),
            slug="too-few-calls",
            extra={"state": ticket.state, "calls": ticket.calls, "needed": needed},
            needed=needed,
            calls=ticket.calls,
        )
    moves.move(session, moment, ticket, "no-show", actor, at_desk=ticket.desk_id)


def put_back(
    session: Session, moment: Moment, ticket: Ticket, actor: str, reason: str | None = None
) -> None:
    """Undo a call: the person waits again in the same place."""
    moves.move(
        session,
        moment,
        ticket,
        "put-back",
        actor,
        at_desk=ticket.desk_id,
        reason=reason,
        **_AWAY_FROM_DESK,
    )


def readmit(
    session: Session, moment: Moment, ticket: Ticket, actor: str, reason: str | None = None
) -> None:
    """Take back somebody who had missed the call: due now, see `order.on_readmission`.

    They count as having come that much later, so that a transfer does not undo it.
    """
    due_at = order.on_readmission(ticket.due_at, moment.at)
    moves.move(
        session,
        moment,
        ticket,
        "readmit",
        actor,
        reason=reason,
        appointment_at=None,
        counts_from=ticket.counts_from + (due_at - ticket.due_at),
        due_at=due_at,
        **_AWAY_FROM_DESK,
    )


def park(
    session: Session, moment: Moment, ticket: Ticket, actor: str, reason: str | None = None
) -> None:
    """Set aside somebody who must fetch something; the time served so far is kept."""
    moves.move(
        session,
        moment,
        ticket,
        "park",
        actor,
        at_desk=ticket.desk_id,
        reason=reason,
        served_s=moves.served_until(ticket, moment.at),
        serving_since=None,
    )


def resume(
    session: Session,
    moment: Moment,
    catalogue: Catalogue,
    ticket: Ticket,
    actor: str,
    desk: Desk | None = None,
) -> None:
    """Go on with a parked person, at the desk that parked them or at another that is free."""
    moves.check(ticket, "resume", catalogue.offices_by_id[moment.office_id], moment.at)
    desk = desk or catalogue.desks_by_id[str(ticket.desk_id)]
    desks.check_free(session, desk)
    desks.set_status(session, moment, desk, "open", actor)
    moves.move(
        session,
        moment,
        ticket,
        "resume",
        actor,
        at_desk=desk.id,
        desk_id=desk.id,
        serving_since=moment.at,
    )


def transfer(
    session: Session,
    moment: Moment,
    catalogue: Catalogue,
    ticket: Ticket,
    actor: str,
    *,
    service: Service | None = None,
    to_desk: Desk | None = None,
    reason: str | None = None,
) -> None:
    """Send a person on, with the same number, to a service, a desk, or their next planned one.

    Raises Conflict `no-destination` when none is named and none is planned.
    """
    moves.check(ticket, "transfer", catalogue.offices_by_id[moment.office_id], moment.at)
    if service is None and to_desk is None:
        service = _next_planned(session, catalogue, ticket)
    service = service or catalogue.services_by_id[ticket.service_id]
    moves.move(
        session,
        moment,
        ticket,
        "transfer",
        actor,
        at_desk=ticket.desk_id,
        reason=reason,
        data={"service": service.code, "to_desk": to_desk.code if to_desk else None},
        service_id=service.id,
        for_desk_id=to_desk.id if to_desk else None,
        due_at=order.on_transfer(ticket.counts_from, ticket.due_at, service),
        served_s=moves.served_until(ticket, moment.at),
        serving_since=None,
        **_AWAY_FROM_DESK,
    )


def cancel(
    session: Session, moment: Moment, ticket: Ticket, actor: str, reason: str | None = None
) -> None:
    """Give up a turn that waits."""
    moves.move(session, moment, ticket, "cancel", actor, reason=reason, ended_at=moment.at)


def remaining_services(session: Session, ticket: Ticket) -> list[str]:
    """Ids of the services planned for the visit and not yet given, in order."""
    return list(session.scalars(_REMAINING, {"ticket": ticket.id}))


def _next_planned(session: Session, catalogue: Catalogue, ticket: Ticket) -> Service:
    for service_id in remaining_services(session, ticket):
        if service_id != ticket.service_id:
            return catalogue.services_by_id[service_id]
    raise Conflict(
        N_("Say which service or which desk to send the person to."), slug="no-destination"
    )


def _note_given(session: Session, ticket: Ticket, service_ids: Sequence[str]) -> None:
    known = {row.service_id: row for row in session.scalars(_OF_VISIT, {"ticket": ticket.id})}
    for service_id in dict.fromkeys(service_ids):
        row = known.get(service_id)
        if row is None:
            row = TicketService(
                ticket_id=ticket.id, service_id=service_id, position=len(known), planned=False
            )
            known[service_id] = row
            session.add(row)
        row.given = True
    session.flush()


def _services_remain(codes: list[str]) -> Conflict:
    return Conflict(
        N_("The visit still has %(services)s: transfer the person, or finish as “pending”."),
        slug="services-remaining",
        extra={"services": codes},
        services=", ".join(codes),
    )
