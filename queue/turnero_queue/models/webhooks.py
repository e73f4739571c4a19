"""Which of the city's systems want to hear of what, and what each of them was told."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.ids import new_id
from turnero_core.sealed import Sealed

DELIVERY_STATES = ("pending", "delivered", "given_up")
_pending = text("state = 'pending'")


class Webhook(Base):
    """A subscription. `office_id` None is every office. `old_secret` signs beside `secret` until
    `old_until`. `failures` counts the tries in a row that found nobody or a broken receiver, since
    `failing_since`; nothing is sent before `rests_until`. `paused_at` says that it was switched
    off for failing too long."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("paused_at IS NULL OR NOT active", name="paused"),
        CheckConstraint("failures >= 0", name="failures"),
        CheckConstraint("(old_secret IS NULL) = (old_until IS NULL)", name="old_secret"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    url: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(String(200), default="")
    events: Mapped[list[str]] = mapped_column(JsonValue)
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"))
    secret: Mapped[str] = mapped_column(Sealed)
    old_secret: Mapped[str | None] = mapped_column(Sealed)
    old_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rests_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WebhookDelivery(Base):
    """One event for one subscription: the outbox while it is pending, afterwards the log.
    `number` is the order in which they are sent; `body` the exact bytes that are signed."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint(f"state IN {DELIVERY_STATES}", name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'pending') = (ended_at IS NULL)", name="ended_at"),
        Index(
            "ix_webhook_delivery_pending",
            "webhook_id",
            "number",
            sqlite_where=_pending,
            postgresql_where=_pending,
        ),
        Index("ix_webhook_delivery_webhook_id", "webhook_id", "number"),
        Index("ix_webhook_delivery_ended_at", "ended_at"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(36), unique=True, default=new_id)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="pending")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    status: Mapped[int | None]
    took_ms: Mapped[int | None]
    answer: Mapped[str] = mapped_column(String(400), default="")
