"""What is or was wrong with a device, for as long as it lasted, and who was told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.ids import new_id

_OPEN = text("cleared_at IS NULL")


class DeviceAlert(Base):
    """`subject_id` is a device or a printer, `slug` what ails it; at most one of a kind is open.
    `message` is a message id and `params` fill it. `hook_step` counts what the webhook has been
    told: 0 nothing, 1 that it began, 2 that it ended."""

    __tablename__ = "device_alert"
    __table_args__ = (
        Index(
            "uq_device_alert_open",
            "subject_id",
            "slug",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_device_alert_hook", "hook_step", "hook_next_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    subject_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"), index=True)
    slug: Mapped[str] = mapped_column(String(32))
    message: Mapped[str] = mapped_column(String(200))
    params: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hook_step: Mapped[int] = mapped_column(default=0)
    hook_tries: Mapped[int] = mapped_column(default=0)
    hook_next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
