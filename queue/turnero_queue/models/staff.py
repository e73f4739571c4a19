"""The people who work with the system, their roles, and the browsers they are signed in on."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from turnero_core.db import Base, UTCDateTime
from turnero_core.ids import new_id
from turnero_core.sealed import Sealed

ROLES = "'attendant', 'cashier', 'receptionist', 'supervisor', 'administrator', 'auditor'"
SOMEWHERE = text("office_id IS NOT NULL")
EVERYWHERE = text("office_id IS NULL")


class Staff(Base):
    """A login, kept in lower case. `totp_step` is the last one-time code's, never used again."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("failed_attempts >= 0", name="failed_attempts_not_negative"),
        CheckConstraint("login = lower(login) AND login <> ''", name="login_lower_case"),
        CheckConstraint("email = lower(email) AND email <> ''", name="email_lower_case"),
        Index("uq_staff_email", "email", unique=True),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None] = mapped_column(String(8))
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    totp_secret: Mapped[str | None] = mapped_column(Sealed)
    totp_step: Mapped[int | None]
    # Who this is at the city's provider (a digest), once they have signed in there; and the address
    # by which they are found before that.
    email: Mapped[str | None] = mapped_column(String(254))
    external_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    roles: Mapped[list["StaffRole"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="StaffRole.role"
    )


class StaffRole(Base):
    """A role given to somebody, in one office or (without one) in all of them."""

    __tablename__ = "staff_role"
    __table_args__ = (
        CheckConstraint(f"role IN ({ROLES})", name="role"),
        Index(
            "uq_staff_role_somewhere",
            "staff_id",
            "role",
            "office_id",
            unique=True,
            sqlite_where=SOMEWHERE,
            postgresql_where=SOMEWHERE,
        ),
        Index(
            "uq_staff_role_everywhere",
            "staff_id",
            "role",
            unique=True,
            sqlite_where=EVERYWHERE,
            postgresql_where=EVERYWHERE,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"))


class StaffSession(Base):
    """One browser that signed in: its cookie carries the id, and works until it is revoked. `way`
    is how: with a password, or through the city's provider."""

    __tablename__ = "staff_session"
    __table_args__ = (
        CheckConstraint("way IN ('password', 'provider')", name="way"),
        Index("ix_staff_session_staff_id", "staff_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200))
    way: Mapped[str] = mapped_column(String(10), default="password", server_default="password")
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class StaffBackupCode(Base):
    """A code that stands once for a lost second factor, as its SHA-256."""

    __tablename__ = "staff_backup_code"

    staff_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True
    )
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
