"""The one table of what may happen to an appointment, and the only writer of its state."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from turnero_core.db import Base
from turnero_core.errors import Conflict
from turnero_core.i18n import N_, gettext
from turnero_core.ids import new_id
from turnero_queue.appointments import seats
from turnero_queue.models import Appointment, AppointmentEvent
from turnero_queue.webhooks import noting

STATE_NAMES = MappingProxyType(
    {
        "held": N_("being booked"),
        "confirmed": N_("confirmed"),
        "checked_in": N_("checked in"),
        "done": N_("attended"),
        "no_show": N_("did not come"),
        "cancelled": N_("cancelled"),
        "expired": N_("not confirmed in time"),
    }
)
HELD_OR_CONFIRMED = frozenset({"held", "confirmed"})


@dataclass(frozen=True)
class Move:
    sources: frozenset[str]
    target: str
    kind: str
    frees: bool = False


MOVES = MappingProxyType(
    {
        "confirm": Move(frozenset({"held"}), "confirmed", "confirmed"),
        "reschedule": Move(frozenset({"confirmed"}), "confirmed", "rescheduled"),
        "check-in": Move(frozenset({"confirmed"}), "checked_in", "checked_in"),
        "finish": Move(frozenset({"checked_in"}), "done", "done"),
        "no-show": Move(frozenset({"confirmed", "checked_in"}), "no_show", "no_show"),
        "cancel": Move(HELD_OR_CONFIRMED, "cancelled", "cancelled", frees=True),
        "expire": Move(frozenset({"held"}), "expired", "expired", frees=True),
    }
)
_TABLE = Base.metadata.tables[Appointment.__tablename__]
_APPEND = insert(Base.metadata.tables[AppointmentEvent.__tablename__])


def move(
    session: Session,
    appointment: Appointment,
    verb: str,
    actor: str,
    now: datetime,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """Make the move `verb`, writing the columns `values` too; Conflict when it is not possible."""
    step = MOVES[verb]
    if appointment.state not in step.sources:
        raise over(appointment.state)
    before = appointment.state
    values = {**values, "state": step.target}
    _compare_and_set(session, appointment, values)
    if step.frees:
        seats.free(session, appointment.id)
    record(session, appointment.id, step.kind, actor, now, reason, data)
    noting.appointment_changed(session, appointment, step.kind, before, now)


def expire(session: Session, appointment_id: str, now: datetime) -> bool:
    """End a hold whose time is over and free its places; False when somebody else did."""
    ended = session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == appointment_id, _TABLE.c.state == "held", _TABLE.c.expires_at <= now)
        .values(state="expired", expires_at=None, ended_at=now)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        return False
    seats.free(session, appointment_id)
    record(session, appointment_id, "expired", "system", now)
    return True


def record(
    session: Session,
    appointment_id: str,
    kind: str,
    actor: str,
    now: datetime,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Append an event to the appointment's history."""
    session.execute(
        _APPEND,
        {
            "id": new_id(),
            "appointment_id": appointment_id,
            "kind": kind,
            "at": now,
            "actor": actor,
            "reason": reason,
            "data": data or {},
        },
    )


def of(appointment: Appointment, now: datetime) -> str:
    """The state as it is now: a hold whose time has passed is over, whatever is written."""
    return "expired" if hold_is_over(appointment, now) else appointment.state


def hold_is_over(appointment: Appointment, now: datetime) -> bool:
    return appointment.expires_at is not None and appointment.expires_at <= now


def check_live_hold(appointment: Appointment, now: datetime) -> None:
    """Conflict unless the appointment is held and may still be confirmed."""
    if appointment.state == "expired" or hold_is_over(appointment, now):
        raise Conflict(
            N_("The time to confirm is over and the place is free again. Please choose anew."),
            slug="hold-expired",
            title=N_("The time to confirm is over"),
            extra={"state": "expired"},
        )
    if appointment.state != "held":
        raise over(appointment.state)


def over(state: str) -> Conflict:
    return Conflict(
        N_("This is not possible any more: the appointment is “%(state)s”."),
        slug="appointment-over",
        title=N_("Not possible any more"),
        extra={"state": state},
        state=name_of(state),
    )


def name_of(state: str) -> str:
    """A state in the reader's language."""
    return gettext(STATE_NAMES[state])


def _compare_and_set(session: Session, appointment: Appointment, values: dict[str, Any]) -> None:
    changed = session.execute(
        update(_TABLE)
        .where(
            _TABLE.c.id == appointment.id,
            _TABLE.c.state == appointment.state,
            _TABLE.c.sequence == appointment.sequence,
        )
        .values(**values)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(
            N_("Somebody else has just changed this appointment. Look at it again."),
            slug="appointment-over",
            extra={"state": appointment.state},
        )
    for name, value in values.items():
        set_committed_value(appointment, name, value)
