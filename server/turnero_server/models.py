"""What the server keeps about itself."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, UTCDateTime


class SchedulerLease(Base):
    """One row: which process runs the scheduled jobs, and until when unless it renews."""

    __tablename__ = "scheduler_lease"
    __table_args__ = (CheckConstraint("id = 1", name="single"), {"info": {"transient": True}})

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    holder: Mapped[str] = mapped_column(String(120))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
