"""Calling: the next person in the order, this one with a reason, and once more."""

from datetime import timedelta

from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue import announcements, attending, audit, desks, moves, order, waiting
from turnero_queue.catalogue import Catalogue, Desk, Office
from turnero_queue.models import Ticket
from turnero_queue.sequence import Moment


def call_next(
    session: Session,
    moment: Moment,
    catalogue: Catalogue,
    desk: Desk,
    actor: str,
    *,
    finish_current: bool = False,
) -> tuple[Ticket, str] | None:
    """Call who is next for `desk`, with the reason for it; None when nobody waits.

    Raises Conflict `desk-busy` while the desk has somebody, unless they are to be finished with.
    """
    office = catalogue.offices_by_id[moment.office_id]
    current = desks.person_at(session, desk.id)
    if current is not None:
        if not finish_current:
            raise desks.busy(current, desk)
        attending.conclude(session, moment, catalogue, current, actor)
    desks.set_status(session, moment, desk, "open", actor)
    day = clock.local_date(moment.at, office.zone)
    queue = order.for_desk(waiting.load(session, office.id, day), desk, moment.at)
    if not queue:
        return None
    first = queue[0]
    reason = why_here(catalogue, office, desk, first, moment)
    ticket = session.get_one(Ticket, first.id)
    _call(session, moment, catalogue, ticket, desk, actor, None, {"why": reason})
    return ticket, reason


def call_this(
    session: Session,
    moment: Moment,
    catalogue: Catalogue,
    ticket: Ticket,
    desk: Desk | None,
    actor: str,
    reason: str | None,
) -> Ticket:
    """Call one person out of order; the reason is kept in the ticket's history for the audit."""
    office = catalogue.offices_by_id[moment.office_id]
    moves.check(ticket, "call", office, moment.at)
    missing = {
        name: [gettext(N_("This is needed."))]
        for name, value in (("desk", desk), ("reason", (reason or "").strip()))
        if not value
    }
    if missing or desk is None:
        raise Invalid(errors=missing)
    desks.check_free(session, desk)
    desks.set_status(session, moment, desk, "open", actor)
    _call(session, moment, catalogue, ticket, desk, actor, reason, {"out_of_order": True})
    audit.record(
        session,
        actor=actor,
        action="ticket.call-out-of-order",
        subject=f"ticket:{waiting.code_of(ticket.prefix, ticket.number)}",
        office_id=office.id,
        after={"desk": desk.code, "ticket": ticket.id},
        reason=reason or "",
        now=moment.at,
    )
    return ticket


def recall(
    session: Session, moment: Moment, catalogue: Catalogue, ticket: Ticket, actor: str
) -> None:
    """Call the same person once more: the count goes up and the hall chimes again."""
    office = catalogue.offices_by_id[moment.office_id]
    moves.check(ticket, "recall", office, moment.at)
    desk = catalogue.desks_by_id[str(ticket.desk_id)]
    count = ticket.calls + 1
    call = announcements.call_data(catalogue, ticket, desk, count, moment.at)
    moves.move(
        session,
        moment,
        ticket,
        "recall",
        actor,
        at_desk=desk.id,
        data={"call": call},
        calls=count,
        called_at=moment.at,
    )


def why_here(
    catalogue: Catalogue, office: Office, desk: Desk, ticket: order.Waiting, moment: Moment
) -> str:
    """The reason for a ticket's place in the order of one desk."""
    handicap = timedelta(0)
    if ticket.for_desk_id is None:
        handicap = desk.handicaps[ticket.service_id]
    priority = catalogue.priorities_by_id[ticket.priority_id]
    return order.why(ticket, priority, office.zone, moment.at, handicap)


def _call(
    session: Session,
    moment: Moment,
    catalogue: Catalogue,
    ticket: Ticket,
    desk: Desk,
    actor: str,
    reason: str | None,
    data: dict[str, object],
) -> None:
    call = announcements.call_data(catalogue, ticket, desk, 1, moment.at)
    moves.move(
        session,
        moment,
        ticket,
        "call",
        actor,
        at_desk=desk.id,
        reason=reason,
        data={**data, "call": call},
        calls=1,
        called_at=moment.at,
        desk_id=desk.id,
    )
