"""The people who work with the system: clerks, supervisors, administrators."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, UTCDateTime
from turnero_core.ids import new_id


class Staff(Base):
    """A login. One without an office works in every office; `login` is kept in lower case."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'supervisor', 'clerk')", name="role"),
        CheckConstraint("failed_attempts >= 0", name="failed_attempts_not_negative"),
        CheckConstraint("login = lower(login) AND login <> ''", name="login_lower_case"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    role: Mapped[str] = mapped_column(String(12))
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"))
    language: Mapped[str | None] = mapped_column(String(8))
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
