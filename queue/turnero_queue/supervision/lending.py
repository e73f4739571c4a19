"""What a desk attends, changed from one moment to the next: for good, or for today only.

It goes the way of every change of the configuration. Nobody is moved by it: whoever is called to
or served at the desk stays there, and whoever waits goes on waiting; `left_behind` tells for whom
no open desk would be left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict, Invalid
from turnero_core.i18n import N_
from turnero_queue import (
    announcements,
    audit,
    catalogue,
    configuration,
    desks,
    models,
    sequence,
    waiting,
)
from turnero_queue.catalogue import Catalogue, Desk, Office, Service
from turnero_queue.configuration.stored import stored
from turnero_queue.configuration.values import Attends, Configuration
from turnero_queue.models import DeskLoan
from turnero_queue.sequence import next_seq
from turnero_queue.supervision.reasons import needed

ACTOR = "system:desk-returned"
# Codes of services -> handicap in minutes.
Links = Mapping[str, int]


@dataclass(frozen=True)
class LeftBehind:
    """A service that no open desk would attend any more; `people` wait for it, by their numbers,
    and `closed` are the desks that attend it but are not open."""

    service: Service
    people: tuple[str, ...]
    closed: tuple[Desk, ...]


def attended(office: Office, desk: Desk) -> dict[str, int]:
    """What the desk attends now."""
    return {
        service.code: int(desk.handicaps[service.id].total_seconds() // 60)
        for service in office.services
        if service.id in desk.handicaps
    }


def left_behind(
    session: Session, office: Office, desk: Desk, wanted: Links, now: datetime
) -> list[LeftBehind]:
    """What removing services from `desk` would leave without an open desk."""
    statuses = desks.statuses(session, office)
    queue = waiting.load(session, office.id, clock.local_date(now, office.zone))
    found = []
    for service in office.services:
        if service.id not in desk.handicaps or service.code in wanted:
            continue
        others = [d for d in office.desks if d.id != desk.id and service.id in d.handicaps]
        if any(statuses.get(other.id) == "open" for other in others):
            continue
        people = tuple(
            entry.code
            for entry in queue
            if entry.service_id == service.id and entry.for_desk_id is None
        )
        found.append(LeftBehind(service, people, tuple(others)))
    return found


def change(
    session: Session,
    office: Office,
    desk: Desk,
    wanted: Links,
    actor: str,
    reason: str,
    now: datetime,
    *,
    today_only: bool,
    confirmed: bool = False,
) -> None:
    """Let `desk` attend `wanted` from now on, or until the office's day ends.

    Raises Conflict `left-behind` when people would be left without an open desk and that was
    not confirmed, and `nothing-changed` when it attends just that already.
    """
    why = needed(reason)
    for code in wanted:
        office.service(code)
    before = attended(office, desk)
    if before == dict(wanted):
        raise Conflict(N_("The desk attends exactly that already."), slug="nothing-changed")
    if not confirmed and any(
        entry.people for entry in left_behind(session, office, desk, wanted, now)
    ):
        raise Conflict(
            N_("People wait for what would have no open desk left. Confirm it, or keep it."),
            slug="left-behind",
        )
    _apply(session, office, desk, wanted, actor)
    _note_loan(session, office, desk, before, wanted, actor, now, today_only=today_only)
    _tell(session, office, now)
    audit.record(
        session,
        actor=actor,
        action="desk.attends",
        subject=f"desk:{office.code}/{desk.code}",
        office_id=office.id,
        before=before,
        after={"attends": dict(wanted), "today_only": today_only},
        reason=why,
        now=now,
    )


def loan_of(session: Session, desk_id: str) -> DeskLoan | None:
    """The loan in force of a desk that attends something else for today."""
    return session.scalar(
        select(DeskLoan).where(DeskLoan.desk_id == desk_id, DeskLoan.ended_at.is_(None))
    )


def lent_desks(session: Session, office_id: str) -> set[str]:
    """The ids of the office's desks that attend something else for today."""
    query = select(DeskLoan.desk_id).where(
        DeskLoan.office_id == office_id, DeskLoan.ended_at.is_(None)
    )
    return set(session.scalars(query))


def end_due(session: Session, now: datetime) -> int:
    """Give desks back what they attended before the day's loan; how many.

    One whose services were changed in the meantime stays as somebody wanted it.
    """
    due = select(DeskLoan).where(DeskLoan.ended_at.is_(None), DeskLoan.until <= now)
    rows = list(session.scalars(due))
    for row in rows:
        known: Catalogue = catalogue.current(session)
        office = known.offices_by_id[row.office_id]
        desk = office.desks_by_id.get(row.desk_id)
        if desk is not None and attended(office, desk) == row.lent:
            offered = {service.code for service in office.services}
            before = {code: late for code, late in row.before.items() if code in offered}
            _apply(session, office, desk, before, ACTOR)
            _tell(session, office, now)
        row.ended_at = now
        session.flush()
    return len(rows)


def _apply(session: Session, office: Office, desk: Desk, wanted: Links, actor: str) -> None:
    # Held before it is read, so that nobody else's change in between is undone.
    session.execute(select(models.Municipality.id).with_for_update())
    present = stored(session)
    if present is None:
        raise Invalid
    configuration.apply(session, _with(present, office.code, desk.code, wanted), actor=actor)


def _with(present: Configuration, office: str, desk: str, wanted: Links) -> Configuration:
    links = tuple(Attends(code, late) for code, late in wanted.items())
    return replace(
        present,
        offices=tuple(
            replace(
                place,
                desks=tuple(
                    replace(each, services=links) if each.code == desk else each
                    for each in place.desks
                ),
            )
            if place.code == office
            else place
            for place in present.offices
        ),
    )


def _note_loan(
    session: Session,
    office: Office,
    desk: Desk,
    before: Links,
    wanted: Links,
    actor: str,
    now: datetime,
    *,
    today_only: bool,
) -> None:
    row = loan_of(session, desk.id)
    if row is not None and (not today_only or row.before == dict(wanted)):
        # It is for good now, or as it was before the loan: nothing to give back.
        row.ended_at = now
        session.flush()
        return
    if row is not None:
        row.lent, row.actor = dict(wanted), actor
    elif today_only:
        row = DeskLoan(
            office_id=office.id,
            desk_id=desk.id,
            before=dict(before),
            lent=dict(wanted),
            began_at=now,
            until=clock.next_midnight(now, office.zone),
            actor=actor,
        )
        session.add(row)
    session.flush()


def _tell(session: Session, office: Office, now: datetime) -> None:
    moment = sequence.hold(session, office.id, now)
    seq = next_seq(session, moment)
    announcements.queue_changed(session, office.id, seq, "desk_services", moment.at)
