"""The audit log: who did what that matters, in a chain that shows whether it was touched."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, UTCDateTime

# Triggers made by the migration refuse to change or delete its rows.
APPEND_ONLY = {"info": {"append_only": True}}


class AuditEntry(Base):
    """One act. `before` and `after` are JSON as text, so that every byte is under the hash.

    Nothing refers to other tables: the log outlives what it speaks of.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_positive"),
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_actor", "actor", "seq"),
        Index("ix_audit_entry_action", "action", "seq"),
        APPEND_ONLY,
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    office_id: Mapped[str | None] = mapped_column(String(36))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500))
    address: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """One row: the last entry's number and hash, held by whoever adds the next."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True, default=1, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
