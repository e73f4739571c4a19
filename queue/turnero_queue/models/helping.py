"""Calls for help from kiosks, and the assistance that a member of staff gives on the screen."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, UTCDateTime
from turnero_core.ids import new_id

ENDINGS = ("done", "cancelled", "unanswered", "forgotten")
ASSIST_ENDINGS = ("staff", "citizen", "refused", "start", "time", "call")
_OPEN = text("ended_at IS NULL")


class HelpCall(Base):
    """Somebody at a kiosk asks for a person. `kiosk` is the device, or a browser that was not set
    up; `screen` and `service_id` say where they were, never what they typed."""

    __tablename__ = "help_call"
    __table_args__ = (
        CheckConstraint("(taken_at IS NULL) = (taken_by IS NULL)", name="taken_by_somebody"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_somehow"),
        CheckConstraint(f"ended_how IN {ENDINGS}", name="ended_how"),
        CheckConstraint("ended_how <> 'done' OR taken_at IS NOT NULL", name="done_was_taken"),
        CheckConstraint("taken_at >= asked_at", name="taken_after_asked"),
        CheckConstraint("ended_at >= asked_at", name="ended_after_asked"),
        Index(
            "uq_help_call_open", "kiosk", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_help_call_office_id", "office_id", "asked_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    kiosk: Mapped[str] = mapped_column(String(36))
    device_id: Mapped[str | None] = mapped_column(ForeignKey("device.id"))
    label: Mapped[str] = mapped_column(String(120))
    screen: Mapped[str] = mapped_column(String(20))
    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"))
    language: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_how: Mapped[str | None] = mapped_column(String(10))


class Assistance(Base):
    """Staff help on the kiosk's own screen. `path` is the page that the kiosk shows, only while
    it may be seen by others; `lead` the page that it is asked to show next."""

    __tablename__ = "assistance"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (allowed IS NULL)", name="answered"),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_somehow"),
        CheckConstraint(f"ended_how IN {ASSIST_ENDINGS}", name="ended_how"),
        CheckConstraint(
            "(path IS NULL AND lead IS NULL) OR (answered_at IS NOT NULL AND ended_at IS NULL)",
            name="seen_while_allowed",
        ),
        Index(
            "uq_assistance_open", "call_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    call_id: Mapped[str] = mapped_column(ForeignKey("help_call.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    allowed: Mapped[bool | None]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_how: Mapped[str | None] = mapped_column(String(10))
    screen: Mapped[str] = mapped_column(String(20), default="")
    path: Mapped[str | None] = mapped_column(String(300))
    lead: Mapped[str | None] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(8))
