"""What happens: tickets, their events, and the rows that number and order them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.discreet import Reason
from turnero_core.ids import new_id

STATES = (
    "waiting",
    "called",
    "serving",
    "parked",
    "no_show",
    "done",
    "cancelled",
    "left",
)
_at_desk = text("state IN ('called', 'serving')")
_waiting = text("state = 'waiting'")
_unfinished = text("state IN ('waiting', 'called', 'serving', 'parked', 'no_show')")
_done = text("state = 'done'")
# The calls of one person before their turn: those, and only those, have a reason.
OUT_OF_ORDER = text("kind = 'called' AND reason IS NOT NULL")


class OfficeSequence(Base):
    """One row an office, changed first by every transaction that changes its queue.

    Holding it orders an office's changes one after another; `seq` numbers them without gaps in
    the order they commit, and `last_at` keeps their times from going backwards.
    """

    __tablename__ = "office_sequence"

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TicketCounter(Base):
    """The last number given for an office, business day and prefix."""

    __tablename__ = "ticket_counter"

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    business_day: Mapped[date] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int]


class Ticket(Base):
    """A person's turn on one business day at one office.

    `counts_from` is the arrival less the head start, and `due_at` when the turn is due; a punctual
    appointment is due at `appointment_at` until that hour, and at `due_at` from it on.
    `served_s` adds up earlier stretches of attention (parked, or at other desks).
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("office_id", "business_day", "prefix", "number"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("state NOT IN ('called', 'serving') OR desk_id IS NOT NULL", name="desk"),
        CheckConstraint("(state = 'serving') = (serving_since IS NOT NULL)", name="serving_since"),
        CheckConstraint(
            "(state IN ('done', 'cancelled', 'left')) = (ended_at IS NOT NULL)", name="ended_at"
        ),
        Index(
            "uq_ticket_desk_one_person",
            "desk_id",
            unique=True,
            sqlite_where=_at_desk,
            postgresql_where=_at_desk,
        ),
        Index(
            "ix_ticket_waiting",
            "office_id",
            "business_day",
            sqlite_where=_waiting,
            postgresql_where=_waiting,
        ),
        Index(
            "ix_ticket_unfinished",
            "office_id",
            "business_day",
            "state",
            sqlite_where=_unfinished,
            postgresql_where=_unfinished,
        ),
        Index(
            "ix_ticket_done",
            "office_id",
            "service_id",
            "ended_at",
            sqlite_where=_done,
            postgresql_where=_done,
        ),
        Index("ix_ticket_day_service", "office_id", "business_day", "service_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    public_token: Mapped[str] = mapped_column(String(32), unique=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    business_day: Mapped[date]
    prefix: Mapped[str] = mapped_column(String(4))
    number: Mapped[int]
    seq: Mapped[int]
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"))
    priority_id: Mapped[str] = mapped_column(ForeignKey("priority.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    origin: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    counts_from: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    appointment_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    desk_id: Mapped[str | None] = mapped_column(ForeignKey("desk.id"))
    for_desk_id: Mapped[str | None] = mapped_column(ForeignKey("desk.id"))
    calls: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    serving_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    served_s: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    notes: Mapped[str] = mapped_column(Text, default="")


class TicketService(Base):
    """A service of a visit: planned when the turn was taken, given when it was attended."""

    __tablename__ = "ticket_service"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), primary_key=True)
    position: Mapped[int]
    planned: Mapped[bool] = mapped_column(default=True)
    given: Mapped[bool] = mapped_column(default=False)


class TicketEvent(Base):
    """Append-only. Statistics and audits are derived from it."""

    __tablename__ = "ticket_event"
    __table_args__ = (
        UniqueConstraint("office_id", "seq"),
        Index("ix_ticket_event_ticket_id", "ticket_id", "seq"),
        Index(
            "ix_ticket_event_out_of_order",
            "office_id",
            "at",
            sqlite_where=OUT_OF_ORDER,
            postgresql_where=OUT_OF_ORDER,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    seq: Mapped[int]
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    desk_id: Mapped[str | None] = mapped_column(ForeignKey("desk.id"))
    reason: Mapped[str | None] = mapped_column(Reason(500))
    data: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)


class DeskEvent(Base):
    """Append-only: when each desk opened, paused and closed, and who did it."""

    __tablename__ = "desk_event"
    __table_args__ = (UniqueConstraint("office_id", "seq"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    seq: Mapped[int]
    desk_id: Mapped[str] = mapped_column(ForeignKey("desk.id"))
    status: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(Reason(500))
