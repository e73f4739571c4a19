"""Who is next: the one order that the page, the hall, the estimate and the call share.

Pure functions of the waiting tickets and the time. Each ticket has a due time, arrival less a
constant head start plus the service's target wait, and the one due first is next. Constants only,
so that whoever came more than a head start later can never pass, and nobody starves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from turnero_core.i18n import N_, gettext, pick
from turnero_queue.catalogue import Desk, Priority, Service
from turnero_queue.rules import Rules

NO_HANDICAP = timedelta(0)


class Waiting(NamedTuple):
    """What the order needs to know of a waiting ticket; fields as in models.Ticket."""

    id: str
    code: str
    seq: int
    service_id: str
    priority_id: str
    issued_at: datetime
    counts_from: datetime
    due_at: datetime
    appointment_at: datetime | None
    for_desk_id: str | None


@dataclass(frozen=True)
class Due:
    """When a ticket counts as having come and when it is due; see models.Ticket."""

    counts_from: datetime
    due_at: datetime
    appointment_at: datetime | None = None


def on_arrival(
    service: Service,
    priority: Priority,
    rules: Rules,
    arrived_at: datetime,
    appointment_at: datetime | None = None,
) -> Due:
    """The due time of somebody who arrives now, with or without an appointment."""
    if appointment_at is not None and _punctual(rules, arrived_at, appointment_at):
        head_start = max(
            timedelta(minutes=rules.appointment_head_start_minutes), priority.head_start
        )
        counts_from = appointment_at - head_start
        return Due(counts_from, counts_from, appointment_at)
    counts_from = arrived_at - priority.head_start
    return Due(counts_from, counts_from + service.target_wait)


def _punctual(rules: Rules, arrived_at: datetime, appointment_at: datetime) -> bool:
    if rules.appointment_late_rule == "keep":
        return True
    return arrived_at <= appointment_at + timedelta(minutes=rules.appointment_grace_minutes)


def on_transfer(counts_from: datetime, due_at: datetime, service: Service) -> datetime:
    """Due at the new service as if they had come to it first, and never later than before."""
    return min(due_at, counts_from + service.target_wait)


def on_readmission(due_at: datetime, now: datetime) -> datetime:
    """Due now: behind those already overdue, ahead of those who have just come."""
    return max(due_at, now)


def due(ticket: Waiting, now: datetime) -> datetime:
    """When `ticket` is due, seen at `now`: an appointment's head start begins at its hour."""
    if ticket.appointment_at is not None and now < ticket.appointment_at:
        return ticket.appointment_at
    return ticket.due_at


def in_order(waiting: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """The whole office's order; those due at the same instant keep the order they came in."""
    return sorted(waiting, key=lambda ticket: (due(ticket, now), ticket.seq))


def attends(desk: Desk, ticket: Waiting) -> bool:
    """Whether `desk` may call `ticket`: sent to that desk, or for a service it attends."""
    if ticket.for_desk_id is not None:
        return ticket.for_desk_id == desk.id
    return ticket.service_id in desk.handicaps


def for_desk(waiting: Iterable[Waiting], desk: Desk, now: datetime) -> list[Waiting]:
    """The order in which `desk` would call: its secondary services count as due later."""

    def key(ticket: Waiting) -> tuple[datetime, int]:
        if ticket.for_desk_id is not None:
            return due(ticket, now), ticket.seq
        return due(ticket, now) + desk.handicaps[ticket.service_id], ticket.seq

    return sorted((ticket for ticket in waiting if attends(desk, ticket)), key=key)


def why(
    ticket: Waiting,
    priority: Priority,
    zone: ZoneInfo,
    now: datetime,
    handicap: timedelta = NO_HANDICAP,
) -> str:
    """The reason for a ticket's place, in one sentence of the reader's language."""
    parts = [pick(priority.name)]
    if ticket.appointment_at is not None:
        hour = _hour(ticket.appointment_at, zone)
        parts = [gettext(N_("appointment at %(time)s"), time=hour)]
    parts.append(gettext(N_("came %(time)s"), time=_hour(ticket.issued_at, zone)))
    if due(ticket, now) == ticket.appointment_at:
        parts.append(gettext(N_("due at its hour")))
    elif ticket.counts_from < ticket.issued_at:
        parts.append(gettext(N_("counts as %(time)s"), time=_hour(ticket.counts_from, zone)))
    parts.append(gettext(N_("due %(time)s"), time=_hour(due(ticket, now), zone)))
    if ticket.for_desk_id is not None:
        parts.append(gettext(N_("sent to this desk")))
    if handicap:
        minutes = int(handicap.total_seconds() // 60)
        parts.append(gettext(N_("secondary service here, %(minutes)s min later"), minutes=minutes))
    return f"{ticket.code}: {', '.join(parts)}"


def _hour(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")
