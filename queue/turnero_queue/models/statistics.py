"""What is kept of the days' events, so that years of them are counted at once. Derived from the
events alone: `turnero statistics rebuild` writes all of it anew."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue


class StatisticProgress(Base):
    """Up to which of an office's events its stored days have been brought."""

    __tablename__ = "statistic_progress"
    __table_args__ = (CheckConstraint("seq >= 0", name="seq_not_negative"),)

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)


class StatisticDay(Base):
    """A business day's visits, or its desk hours, packed for counting; see `statistics.block`."""

    __tablename__ = "statistic_day"
    __table_args__ = (
        CheckConstraint("kind IN ('visits', 'desks')", name="kind"),
        CheckConstraint("count > 0", name="count_positive"),
    )

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(6), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    labels: Mapped[dict[str, list[Any]]] = mapped_column(JsonValue)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class StatisticHour(Base):
    """The same visits, added up by local hour of arrival: plain numbers for other programs."""

    __tablename__ = "statistic_hour"

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    priority: Mapped[str] = mapped_column(String(40), primary_key=True)
    origin: Mapped[str] = mapped_column(String(12), primary_key=True)
    office: Mapped[str] = mapped_column(String(40))
    issued: Mapped[int]
    served: Mapped[int]
    # Whether with the day, which is a word of SQL's when it stands alone.
    left_unserved: Mapped[int]
    cancelled: Mapped[int]
    no_show: Mapped[int]
    still_there: Mapped[int]
    called: Mapped[int]
    on_target: Mapped[int]
    wait_s: Mapped[int]
    service_s: Mapped[int]
    recalls: Mapped[int]
    transfers: Mapped[int]
    out_of_order: Mapped[int]
    on_paper: Mapped[int]
    paperless: Mapped[int]

    __table_args__ = (
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint(
            "issued = served + left_unserved + cancelled + no_show + still_there", name="adds_up"
        ),
    )


class StatisticDesk(Base):
    """Seconds of a local hour that a desk was open, paused and serving, and by whom: plain
    numbers for other programs."""

    __tablename__ = "statistic_desk"
    __table_args__ = (
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("serving_s <= open_s", name="serving_while_open"),
    )

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(40), primary_key=True)
    staff: Mapped[str] = mapped_column(String(80), primary_key=True)
    office: Mapped[str] = mapped_column(String(40))
    open_s: Mapped[int]
    paused_s: Mapped[int]
    serving_s: Mapped[int]
    attentions: Mapped[int]
