"""Services paused for a while: no new turns; whoever waits, or has an appointment, is attended."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext, pick
from turnero_queue import announcements, audit, sequence
from turnero_queue.catalogue import Office, Service
from turnero_queue.models import ServicePause
from turnero_queue.sequence import Moment, next_seq
from turnero_queue.supervision.reasons import needed

ACTOR = "system:pause-over"
LONGEST = timedelta(days=2)


class ServicePaused(Conflict):
    """No turn is given for a service; `until` is when it goes on by itself, if it does."""

    slug = "service-paused"
    title = N_("This service is paused")
    until: datetime | None = None


def of_office(session: Session, office_id: str, now: datetime) -> Mapping[str, ServicePause]:
    """Service id -> its pause in force at `now`."""
    query = select(ServicePause).where(
        ServicePause.office_id == office_id, ServicePause.ended_at.is_(None)
    )
    return {row.service_id: row for row in session.scalars(query) if in_force(row, now)}


def in_force(pause: ServicePause, now: datetime) -> bool:
    return pause.ended_at is None and (pause.until is None or now < pause.until)


def check(session: Session, office: Office, service: Service, now: datetime) -> None:
    """Raise ServicePaused while no turns are given for `service`."""
    row = _open(session, office.id, service.id)
    if row is not None and in_force(row, now):
        raise refusal(office, service, row.until, now)


def refusal(
    office: Office, service: Service, until: datetime | None, now: datetime
) -> ServicePaused:
    problem = ServicePaused(
        N_("No turns are given for “%(service)s” at the moment. %(when)s"),
        extra={"resumes_at": clock.rfc3339(until) if until else None},
        service=pick(service.name),
        when=goes_on(until, office.zone, now),
    )
    problem.until = until
    return problem


def goes_on(until: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """When a paused service gives turns again, as one says it to whoever wants one."""
    if until is None:
        return gettext(N_("It is not known yet when it goes on."))
    if clock.local_date(until, zone) != clock.local_date(now, zone):
        return gettext(N_("It does not go on today."))
    return gettext(N_("It goes on at %(time)s."), time=_hour(until, zone))


def in_short(until: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """The same for a small place: "Paused, come back at 15:00"."""
    if until is None:
        return gettext(N_("Paused for now"))
    if clock.local_date(until, zone) != clock.local_date(now, zone):
        return gettext(N_("Paused for today"))
    return gettext(N_("Paused, come back at %(time)s"), time=_hour(until, zone))


def pause(
    session: Session,
    moment: Moment,
    office: Office,
    service: Service,
    actor: str,
    reason: str,
    until: datetime | None,
) -> ServicePause:
    """Give no turns for `service` from now on; a pause in force gets the new end and reason."""
    why = needed(reason)
    row = _open(session, office.id, service.id)
    if row is not None and not in_force(row, moment.at):
        _end(session, row, moment.at, ACTOR)
        row = None
    before = None if row is None else _told(row)
    if row is None:
        row = ServicePause(office_id=office.id, service_id=service.id, began_at=moment.at)
        session.add(row)
    row.until, row.actor, row.reason = until, actor, why
    session.flush()
    _announce(session, moment, "service_paused")
    _audit(session, moment, "service.pause", service, actor, why, before=before, after=_told(row))
    return row


def resume(
    session: Session, moment: Moment, office: Office, service: Service, actor: str, reason: str = ""
) -> None:
    """Give turns for `service` again; Conflict `not-paused` when it is not paused."""
    row = _open(session, office.id, service.id)
    if row is None or not in_force(row, moment.at):
        raise Conflict(N_("This service is not paused any more."), slug="not-paused")
    before = _told(row)
    _end(session, row, moment.at, actor)
    _announce(session, moment, "service_resumed")
    _audit(session, moment, "service.resume", service, actor, reason, before=before)


def end_due(session: Session, now: datetime) -> int:
    """Note the pauses whose hour has come, and tell the screens; how many."""
    due = select(ServicePause).where(ServicePause.ended_at.is_(None), ServicePause.until <= now)
    rows = list(session.scalars(due.order_by(ServicePause.office_id)))
    for row in rows:
        moment = sequence.hold(session, row.office_id, now)
        _end(session, row, moment.at, ACTOR)
        _announce(session, moment, "service_resumed")
    return len(rows)


def _open(session: Session, office_id: str, service_id: str) -> ServicePause | None:
    return session.scalar(
        select(ServicePause).where(
            ServicePause.office_id == office_id,
            ServicePause.service_id == service_id,
            ServicePause.ended_at.is_(None),
        )
    )


def _end(session: Session, row: ServicePause, at: datetime, actor: str) -> None:
    ends = at if row.until is None else min(at, row.until)
    row.ended_at, row.ended_by = max(ends, row.began_at), actor
    session.flush()


def _announce(session: Session, moment: Moment, kind: str) -> None:
    seq = next_seq(session, moment)
    announcements.services_changed(session, moment.office_id, seq, kind, moment.at)


def _audit(
    session: Session,
    moment: Moment,
    action: str,
    service: Service,
    actor: str,
    reason: str,
    **change: object,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"service:{service.code}",
        office_id=moment.office_id,
        reason=reason,
        now=moment.at,
        **change,  # type: ignore[arg-type]
    )


def _told(row: ServicePause) -> dict[str, str | None]:
    return {"until": clock.rfc3339(row.until) if row.until else None, "reason": row.reason}


def _hour(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")
