"""What a supervisor does to an office for a while: pauses, desks lent, messages to the hall."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.discreet import Reason
from turnero_core.ids import new_id

_OPEN = text("ended_at IS NULL")


class ServicePause(Base):
    """A time in which an office gives no turns for a service; kept for the statistics.

    Without `until` somebody resumes it by hand. Whether it is over is judged when it is read;
    `ended_at` is when that was noted. At most one of an office and service is open.
    """

    __tablename__ = "service_pause"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > began_at", name="until_later"),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ended_later"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by"),
        Index(
            "uq_service_pause_open",
            "office_id",
            "service_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_service_pause_office_id", "office_id", "began_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"))
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Reason(500))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(80))


class HallMessage(Base):
    """What the hall of an office shows beside the calls until its hour; one at a time.

    `texts` is one text or one for each language; plain text, never markup.
    """

    __tablename__ = "hall_message"
    __table_args__ = (
        CheckConstraint("until > began_at", name="until_later"),
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ended_later"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by"),
        Index(
            "uq_hall_message_open",
            "office_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    texts: Mapped[dict[str, str]] = mapped_column(JsonValue)
    spoken: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(80))


class DeskLoan(Base):
    """What a desk attends for one day only, and what it goes back to afterwards.

    `before` and `lent` map the codes of services to handicaps in minutes. At most one of a desk
    is open; the first one's `before` stays when the desk is lent anew on the same day.
    """

    __tablename__ = "desk_loan"
    __table_args__ = (
        CheckConstraint("until > began_at", name="until_later"),
        Index(
            "uq_desk_loan_open",
            "desk_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    desk_id: Mapped[str] = mapped_column(ForeignKey("desk.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    lent: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
