"""Appointments: when they are given, who has one, and the seats that nobody can take twice."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.discreet import Reason
from turnero_core.ids import new_id
from turnero_core.sealed import Sealed

APPOINTMENT_STATES = (
    "held",
    "confirmed",
    "checked_in",
    "done",
    "no_show",
    "cancelled",
    "expired",
)
OPEN_STATES = ("held", "confirmed", "checked_in")
_open = text("state IN ('held', 'confirmed', 'checked_in')")
_taking = text("state IN ('held', 'confirmed', 'checked_in', 'done', 'no_show')")


class Availability(Base):
    """Configuration; columns as in turnero_queue.availability.Availability."""

    __tablename__ = "availability"
    __table_args__ = (
        UniqueConstraint("office_id", "code"),
        CheckConstraint("pool IN ('public', 'staff')", name="pool"),
        CheckConstraint("slot_minutes > 0 AND slot_minutes % 5 = 0", name="slot"),
        CheckConstraint("buffer_minutes >= 0 AND buffer_minutes % 5 = 0", name="buffer"),
        CheckConstraint("seats > 0 AND desks_needed > 0", name="seats"),
        CheckConstraint("every_weeks > 0", name="weeks"),
        CheckConstraint("lead_minutes >= 0 AND horizon_days >= 0", name="reach"),
        CheckConstraint("first_day <= last_day", name="days"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[dict[str, str]] = mapped_column(JsonValue, default=dict)
    services: Mapped[list[str]] = mapped_column(JsonValue)
    hours: Mapped[dict[str, list[str]]] = mapped_column(JsonValue)
    slot_minutes: Mapped[int] = mapped_column(default=15)
    seats: Mapped[int] = mapped_column(default=1)
    desks: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    group: Mapped[str] = mapped_column("seat_group", String(40), default="general")
    pool: Mapped[str] = mapped_column(String(8), default="public")
    first: Mapped[date | None] = mapped_column("first_day")
    last: Mapped[date | None] = mapped_column("last_day")
    every_weeks: Mapped[int] = mapped_column(default=1)
    exceptions: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    lead_minutes: Mapped[int] = mapped_column(default=60)
    horizon_days: Mapped[int] = mapped_column(default=60)
    desks_needed: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class AppointmentCalendar(Base):
    """One row an office, changed first by every transaction that changes its appointments."""

    __tablename__ = "appointment_calendar"

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)


class Appointment(Base):
    """A booking of one or more slots at one office.

    `starts_at` to `ends_at` is what the citizen is told; the places in `seats` (their labels,
    with commas) are taken from `first_quantum` up to `until_quantum`, in steps of five minutes of
    Unix time, which includes what is kept free afterwards. A hold whose `expires_at` has passed
    is over whatever `state` says.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint(f"state IN {APPOINTMENT_STATES}", name="state"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("until_quantum > first_quantum", name="quanta"),
        CheckConstraint("(state = 'held') = (expires_at IS NOT NULL)", name="held_until"),
        CheckConstraint("state != 'checked_in' OR ticket_id IS NOT NULL", name="ticket"),
        Index(
            "uq_appointment_open_code",
            "code",
            unique=True,
            sqlite_where=_open,
            postgresql_where=_open,
        ),
        Index(
            "ix_appointment_taking",
            "office_id",
            "until_quantum",
            sqlite_where=_taking,
            postgresql_where=_taking,
        ),
        Index("ix_appointment_email_digest", "email_digest"),
        Index("ix_appointment_phone_digest", "phone_digest"),
        Index(
            "ix_appointment_address_digest",
            "address_digest",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_appointment_open",
            "state",
            "starts_at",
            sqlite_where=_open,
            postgresql_where=_open,
        ),
        Index("ix_appointment_ticket_id", "ticket_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    token: Mapped[str] = mapped_column(Sealed)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str] = mapped_column(String(8))
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    state: Mapped[str] = mapped_column(String(10))
    pool: Mapped[str] = mapped_column(String(8))
    availability: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_quantum: Mapped[int]
    until_quantum: Mapped[int]
    seats: Mapped[str] = mapped_column(String(400))
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    name: Mapped[str | None] = mapped_column(Sealed)
    email: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    email_digest: Mapped[str | None] = mapped_column(String(64))
    phone_digest: Mapped[str | None] = mapped_column(String(64))
    address_digest: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    origin: Mapped[str] = mapped_column(String(12))
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("ticket.id"))


class AppointmentSeat(Base):
    """A place taken for five minutes; the key is what makes overselling impossible."""

    __tablename__ = "appointment_seat"
    __table_args__ = (Index("ix_appointment_seat_appointment_id", "appointment_id"),)

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    quantum: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[str] = mapped_column(String(64), primary_key=True)
    appointment_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"))


class AppointmentService(Base):
    """A service that an appointment is for, and how many of it."""

    __tablename__ = "appointment_service"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    appointment_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)


class AppointmentEvent(Base):
    """Append-only: what happened to an appointment."""

    __tablename__ = "appointment_event"
    __table_args__ = (Index("ix_appointment_event_appointment_id", "appointment_id", "id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    appointment_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Reason(500), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)


class AppointmentBlock(Base):
    """A time that the staff keep free, of some desks or (without `desks`) of the whole office."""

    __tablename__ = "appointment_block"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_appointment_block_office_id", "office_id", "ends_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    desks: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    reason: Mapped[str] = mapped_column(Reason(500))
    actor: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AppointmentWish(Base):
    """Somebody who waits for a day that is full; `appointment_id` is the seat last offered."""

    __tablename__ = "appointment_wish"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'offered', 'taken', 'given_up')", name="state"),
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_appointment_wish_office_id", "office_id", "state", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    token: Mapped[str] = mapped_column(Sealed)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    first: Mapped[date] = mapped_column("first_day")
    last: Mapped[date] = mapped_column("last_day")
    # [[service code, quantity], …]
    services: Mapped[list[Any]] = mapped_column(JsonValue)
    name: Mapped[str | None] = mapped_column(Sealed)
    email: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    contact_digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    offers: Mapped[int] = mapped_column(default=0)
    appointment_id: Mapped[str | None] = mapped_column(ForeignKey("appointment.id"))
