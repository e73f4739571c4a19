"""Desks: open, paused or closed, and the one person each may have."""

from collections.abc import Mapping

from sqlalchemy import bindparam, insert, literal_column, select, update
from sqlalchemy.orm import Session

from turnero_core.errors import Conflict
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_queue import announcements, models, states
from turnero_queue.catalogue import Desk, Office
from turnero_queue.models import DeskEvent, Ticket
from turnero_queue.sequence import Moment, next_seq

STATUS_OF_VERB = {"open": "open", "pause": "paused", "close": "closed"}
_STATUS = select(models.Desk.status).where(models.Desk.id == bindparam("desk"))
_STATUSES = select(models.Desk.id, models.Desk.status).where(
    models.Desk.office_id == bindparam("office"), models.Desk.active
)
IS_AT_DESK = Ticket.state.in_([literal_column("'called'"), literal_column("'serving'")])
_PERSON_AT = select(Ticket).where(Ticket.desk_id == bindparam("desk"), IS_AT_DESK)


def set_status(
    session: Session,
    moment: Moment,
    desk: Desk,
    status: str,
    actor: str,
    reason: str | None = None,
) -> None:
    """Open, pause or close a desk; closing one with somebody at it is a Conflict `desk-busy`."""
    if status == status_of(session, desk):
        return
    if status == "closed":
        check_free(session, desk)
    seq = next_seq(session, moment)
    session.execute(
        update(models.Desk)
        .where(models.Desk.id == desk.id)
        .values(status=status)
        .execution_options(synchronize_session="fetch")
    )
    session.execute(
        insert(DeskEvent).values(
            id=new_id(),
            office_id=moment.office_id,
            seq=seq,
            desk_id=desk.id,
            status=status,
            at=moment.at,
            actor=actor,
            reason=reason,
        )
    )
    announcements.queue_changed(session, moment.office_id, seq, f"desk_{status}", moment.at)


def status_of(session: Session, desk: Desk) -> str:
    return session.execute(_STATUS, {"desk": desk.id}).scalar_one()


def statuses(session: Session, office: Office) -> Mapping[str, str]:
    """Desk id -> status, of the office's desks in use."""
    rows = session.execute(_STATUSES, {"office": office.id})
    return {row.id: row.status for row in rows}


def person_at(session: Session, desk_id: str) -> Ticket | None:
    """The ticket called to, or served at, a desk."""
    return session.scalar(_PERSON_AT, {"desk": desk_id})


def check_free(session: Session, desk: Desk) -> None:
    """Raise Conflict `desk-busy` while somebody is called to or served at the desk."""
    ticket = person_at(session, desk.id)
    if ticket is not None:
        raise busy(ticket, desk)


def busy(ticket: Ticket, desk: Desk) -> Conflict:
    return Conflict(
        N_("Desk %(desk)s still has %(ticket)s (%(state)s). Finish with that person first."),
        slug="desk-busy",
        title=N_("The desk is busy"),
        extra={"ticket_id": ticket.id, "state": ticket.state},
        desk=desk.code,
        ticket=f"{ticket.prefix}{ticket.number:03d}",
        state=states.name_of(ticket.state),
    )
