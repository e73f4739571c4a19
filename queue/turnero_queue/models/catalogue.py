"""What administrators configure. Retired rows stay (`active` false): history refers to them."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue
from turnero_core.ids import new_id

Names = dict[str, str]


class Municipality(Base):
    """One row. `config_version` grows with every change of the tables in this module."""

    __tablename__ = "municipality"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(8))
    languages: Mapped[list[str]] = mapped_column(JsonValue)
    currency: Mapped[str] = mapped_column(String(3))
    colour: Mapped[str | None] = mapped_column(String(7))
    logo: Mapped[str | None] = mapped_column(String(300))
    rules: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    notices: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict, server_default="{}")
    payments: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    texts: Mapped[dict[str, Names]] = mapped_column(JsonValue, default=dict, server_default="{}")
    sign_in: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict, server_default="{}")
    config_version: Mapped[int] = mapped_column(default=1)


class ServiceCategory(Base):
    __tablename__ = "service_category"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[Names] = mapped_column(JsonValue)
    icon: Mapped[str | None] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Service(Base):
    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("duration_minutes > 0", name="duration_positive"),
        CheckConstraint("target_wait_minutes >= 0", name="target_not_negative"),
        CheckConstraint("fee_minor >= 0", name="fee_not_negative"),
        CheckConstraint("channel IN ('in_person', 'partly_online', 'online')", name="channel"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    prefix: Mapped[str] = mapped_column(String(4))
    name: Mapped[Names] = mapped_column(JsonValue)
    category: Mapped[str | None] = mapped_column(String(40))
    description: Mapped[Names] = mapped_column(JsonValue, default=dict)
    requirements: Mapped[list[Names]] = mapped_column(JsonValue, default=list)
    place: Mapped[Names] = mapped_column(JsonValue, default=dict)
    icon: Mapped[str | None] = mapped_column(String(40))
    duration_minutes: Mapped[int] = mapped_column(default=10)
    target_wait_minutes: Mapped[int] = mapped_column(default=20)
    fee_minor: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(20), default="in_person")
    appointments: Mapped[bool] = mapped_column(default=False)
    external_code: Mapped[str | None] = mapped_column(String(80))
    daily_limit: Mapped[int | None]
    links: Mapped[dict[str, str]] = mapped_column(JsonValue, default=dict, server_default="{}")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Priority(Base):
    __tablename__ = "priority"
    __table_args__ = (CheckConstraint("head_start_minutes >= 0", name="head_start_not_negative"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[Names] = mapped_column(JsonValue)
    description: Mapped[Names] = mapped_column(JsonValue, default=dict)
    icon: Mapped[str | None] = mapped_column(String(40))
    head_start_minutes: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Office(Base):
    """`latitude` and `longitude` are degrees, north and east; both or neither."""

    __tablename__ = "office"
    __table_args__ = (
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_location"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[Names] = mapped_column(JsonValue)
    address: Mapped[str] = mapped_column(String(300), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    timezone: Mapped[str | None] = mapped_column(String(64))
    hours: Mapped[dict[str, list[str]]] = mapped_column(JsonValue, default=dict)
    holidays: Mapped[str | None] = mapped_column(String(16))
    closures: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue, default=list)
    rules: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    texts: Mapped[dict[str, Names]] = mapped_column(JsonValue, default=dict, server_default="{}")
    hall: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict, server_default="{}")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class OfficeService(Base):
    """A service that an office offers; `daily_limit` overrides the service's own."""

    __tablename__ = "office_service"

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), primary_key=True)
    daily_limit: Mapped[int | None]
    place: Mapped[Names] = mapped_column(JsonValue, default=dict)


class Desk(Base):
    """A place where people are attended. `status` is open, paused or closed, and is not config."""

    __tablename__ = "desk"
    __table_args__ = (
        UniqueConstraint("office_id", "code"),
        CheckConstraint("status IN ('open', 'paused', 'closed')", name="status"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[Names] = mapped_column(JsonValue)
    status: Mapped[str] = mapped_column(String(8), default="closed")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class DeskService(Base):
    """A service that a desk attends, as if due `handicap_minutes` later."""

    __tablename__ = "desk_service"
    __table_args__ = (CheckConstraint("handicap_minutes >= 0", name="handicap_not_negative"),)

    desk_id: Mapped[str] = mapped_column(ForeignKey("desk.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), primary_key=True)
    handicap_minutes: Mapped[int] = mapped_column(default=0)
