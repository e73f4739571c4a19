"""The cash desk: a cashier's session at one point of sale, and every move of its drawer."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.discreet import Reason
from turnero_core.ids import new_id

KINDS = ("float", "cash", "card", "deposit", "withdrawal", "refund")
_open = text("state = 'open'")
_payment = text("kind IN ('cash', 'card')")


class CashSession(Base):
    """open -> counted (the drawer was counted blind) -> closed. A difference closes only with a
    reason and somebody else's approval. `last_seq` numbers the movements."""

    __tablename__ = "cash_session"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'counted', 'closed')", name="state"),
        CheckConstraint("float_minor >= 0", name="float_not_negative"),
        CheckConstraint("counted_minor >= 0", name="counted_not_negative"),
        CheckConstraint(
            "(state = 'open') = (counted_minor IS NULL AND expected_minor IS NULL "
            "AND counted_at IS NULL)",
            name="counted",
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint(
            "state <> 'closed' OR counted_minor = expected_minor "
            "OR (approver_id IS NOT NULL AND reason <> '')",
            name="difference_approved",
        ),
        CheckConstraint("approver_id IS NULL OR approver_id <> staff_id", name="second_person"),
        Index(
            "uq_cash_session_cashier",
            "staff_id",
            unique=True,
            sqlite_where=_open,
            postgresql_where=_open,
        ),
        Index(
            "uq_cash_session_point_of_sale",
            "point_of_sale",
            unique=True,
            sqlite_where=_open,
            postgresql_where=_open,
        ),
        Index("ix_cash_session_office_id", "office_id", "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    point_of_sale: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(8), default="open")
    float_minor: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    counted_minor: Mapped[int | None] = mapped_column(BigInteger)
    count: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    expected_minor: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Reason(500), default="")
    approver_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def difference_minor(self) -> int:
        """What is too much (above zero) or missing in the drawer, once it was counted."""
        return (self.counted_minor or 0) - (self.expected_minor or 0)


class CashMovement(Base):
    """Append-only. `amount_minor` is what it was about, `drawer_minor` what the drawer gained or
    lost by it: nothing with a card, the rounded amount in cash (tendered less change)."""

    __tablename__ = "cash_movement"
    __table_args__ = (
        Unique("session_id", "seq"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint(
            "CASE WHEN kind = 'card' THEN drawer_minor = 0 "
            "WHEN kind IN ('withdrawal', 'refund') THEN drawer_minor <= 0 "
            "ELSE drawer_minor >= 0 END",
            name="drawer",
        ),
        CheckConstraint(
            "kind <> 'cash' OR (drawer_minor = tendered_minor - change_minor "
            "AND drawer_minor = amount_minor + rounding_minor AND change_minor >= 0)",
            name="change",
        ),
        CheckConstraint(
            "(kind IN ('cash', 'card', 'refund')) = (payment_id IS NOT NULL)", name="payment"
        ),
        Index(
            "uq_cash_movement_payment",
            "payment_id",
            unique=True,
            sqlite_where=_payment,
            postgresql_where=_payment,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("cash_session.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    drawer_minor: Mapped[int] = mapped_column(BigInteger)
    rounding_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    tendered_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    change_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.id"))
    refund_id: Mapped[str | None] = mapped_column(ForeignKey("payment_refund.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(500), default="")
