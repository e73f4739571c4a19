"""The machines of the municipality that prove themselves with a token, and how they got it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.ids import new_id


class DeviceKind(StrEnum):
    KIOSK = "kiosk"
    AGENT = "agent"
    DISPLAY = "display"
    TABLET = "tablet"


def _one_of_kinds() -> str:
    return f"kind IN ({', '.join(repr(str(kind)) for kind in DeviceKind)})"


class Device(Base):
    """`token_hash` is a SHA-256, absent until it is enrolled. `instance` is the one installation
    of an agent that may use the token, `facts` what it last told of itself, `commands` what it
    is to be told at its next heartbeat. One without an office is of the whole municipality."""

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint(_one_of_kinds(), name="kind"),
        CheckConstraint("code <> ''", name="code_not_empty"),
        CheckConstraint("token_hash IS NULL OR enrolled_at IS NOT NULL", name="token_has_time"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    technician_hash: Mapped[str | None] = mapped_column(String(64))
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    version: Mapped[str] = mapped_column(String(40), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    commands: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    instance: Mapped[str | None] = mapped_column(String(64))
    instance_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    enrolled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DeviceEnrolment(Base):
    """A one-time code. A machine that asked polls with its secret (`secret_hash`) until somebody
    approves; an invitation has no secret and is for one device from the start. `used_at` is when
    the token was handed out, which happens once."""

    __tablename__ = "device_enrolment"
    __table_args__ = (
        CheckConstraint(_one_of_kinds(), name="kind"),
        CheckConstraint(
            "secret_hash IS NOT NULL OR device_id IS NOT NULL", name="asked_or_invited"
        ),
        CheckConstraint("used_at IS NULL OR device_id IS NOT NULL", name="used_for_a_device"),
        Index("ix_device_enrolment_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(12))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    device_id: Mapped[str | None] = mapped_column(
        ForeignKey("device.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
