"""What the configuration was before each of its changes, so that a change can be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.ids import new_id


class ConfigurationChange(Base):
    """One change that somebody made, undone at most once.

    `version` is the municipality's `config_version` after it. `entries` are the entries that it
    changed, each with its `path`, `before` and `after`. `office` is the code of the one office
    that it is about, empty when it is about what offices share.
    """

    __tablename__ = "configuration_change"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("undoes_id != id", name="not_of_itself"),
        Index("ix_configuration_change_office", "office", "version"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    office: Mapped[str] = mapped_column(String(40), default="")
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue)
    undoes_id: Mapped[str | None] = mapped_column(
        ForeignKey("configuration_change.id"), unique=True
    )
