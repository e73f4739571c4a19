"""Money: what is to be paid, what became of it, and what was given back."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.discreet import Reason
from turnero_core.ids import new_id
from turnero_core.sealed import Sealed

METHODS = ("cash", "qr", "card_terminal")
STATES = (
    "created",
    "pending",
    "approved",
    "rejected",
    "cancelled",
    "expired",
    "partly_refunded",
    "refunded",
)
ERRANDS = ("ticket", "appointment", "debt", "certificate", "service")
REFUND_STATES = ("created", "pending", "approved", "rejected")
Names = dict[str, str]

_due = text("check_at IS NOT NULL")
_open = text("state IN ('created', 'pending')")


class Payment(Base):
    """What one person pays at once. Amounts are whole minor units of `currency`.

    `refunded_minor` was given back, `refunding_minor` is on its way back. `unsure` is true while
    the provider has not told what became of it; `check_at` is when to ask next, and `version`
    numbers the payment's events. `provider` is empty for cash.
    """

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("provider", "provider_reference"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("refunded_minor >= 0", name="refunded_not_negative"),
        CheckConstraint("refunding_minor >= 0", name="refunding_not_negative"),
        CheckConstraint("refunded_minor + refunding_minor <= amount_minor", name="refunded_most"),
        CheckConstraint(
            "state IN ('approved', 'partly_refunded', 'refunded') "
            "OR refunded_minor + refunding_minor = 0",
            name="refunded_of_approved",
        ),
        CheckConstraint(
            "(state = 'partly_refunded') = (refunded_minor > 0 AND refunded_minor < amount_minor)",
            name="partly_refunded",
        ),
        CheckConstraint("(state = 'refunded') = (refunded_minor = amount_minor)", name="refunded"),
        CheckConstraint(
            "(state IN ('approved', 'partly_refunded', 'refunded')) = (approved_at IS NOT NULL)",
            name="approved_at",
        ),
        CheckConstraint("(method = 'cash') = (provider IS NULL)", name="provider_unless_cash"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"method IN {METHODS}", name="method"),
        CheckConstraint(f"errand_kind IN {ERRANDS}", name="errand_kind"),
        Index("ix_payment_due", "check_at", sqlite_where=_due, postgresql_where=_due),
        Index("ix_payment_open", "expires_at", sqlite_where=_open, postgresql_where=_open),
        Index("ix_payment_office_id", "office_id", "created_at"),
        Index("ix_payment_approved_at", "office_id", "approved_at"),
        Index("ix_payment_errand", "errand_kind", "errand_id"),
        Index("ix_payment_payer", "payer_digest"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    public_token: Mapped[str] = mapped_column(String(32), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    method: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="created")
    version: Mapped[int] = mapped_column(default=1)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    refunding_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    unsure: Mapped[bool] = mapped_column(default=False)
    simulated: Mapped[bool] = mapped_column(default=False)
    twice: Mapped[bool] = mapped_column(default=False)
    provider: Mapped[str | None] = mapped_column(String(40))
    provider_reference: Mapped[str | None] = mapped_column(String(80))
    provider_detail: Mapped[str] = mapped_column(String(80), default="")
    qr_data: Mapped[str | None] = mapped_column(Text)
    terminal: Mapped[str | None] = mapped_column(String(80))
    voucher: Mapped[str | None] = mapped_column(String(16), unique=True)
    errand_kind: Mapped[str] = mapped_column(String(16))
    errand_id: Mapped[str] = mapped_column(String(120))
    origin: Mapped[str] = mapped_column(String(12))
    device: Mapped[str | None] = mapped_column(String(80))
    point_of_sale: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    payer_name: Mapped[str | None] = mapped_column(Sealed)
    payer_document: Mapped[str | None] = mapped_column(Sealed)
    payer_email: Mapped[str | None] = mapped_column(Sealed)
    payer_digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    check_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checks: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_asked: Mapped[bool] = mapped_column(default=False)


class PaymentItem(Base):
    """A line of a payment. `holds` names what it pays for while the payment may still bring
    money or has brought it: UNIQUE, so that nothing is paid for twice."""

    __tablename__ = "payment_item"
    __table_args__ = (
        UniqueConstraint("payment_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("ix_payment_item_debt_key", "debt_key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"))
    position: Mapped[int]
    names: Mapped[Names] = mapped_column(JsonValue)
    quantity: Mapped[int] = mapped_column(default=1)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"))
    debt_key: Mapped[str | None] = mapped_column(String(200))
    holds: Mapped[str | None] = mapped_column(String(300), unique=True)


class PaymentEvent(Base):
    """Append-only. `state` is what the payment was after it."""

    __tablename__ = "payment_event"
    __table_args__ = (UniqueConstraint("payment_id", "seq"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(Reason(500))
    data: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)


class Refund(Base):
    """Money on its way back, or given back. Its amount is reserved in the payment's row."""

    __tablename__ = "payment_refund"
    __table_args__ = (
        UniqueConstraint("payment_id", "provider_reference"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint(f"state IN {REFUND_STATES}", name="state"),
        Index("ix_payment_refund_due", "check_at", sqlite_where=_due, postgresql_where=_due),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Reason(500))
    actor: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16), default="created")
    provider_reference: Mapped[str | None] = mapped_column(String(80))
    detail: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    check_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checks: Mapped[int] = mapped_column(default=0)


class Reconciliation(Base):
    """One comparison with a provider's own list, for the orders made in [since, until)."""

    __tablename__ = "payment_reconciliation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    provider: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    compared: Mapped[int]
    ours_minor: Mapped[int] = mapped_column(BigInteger)
    theirs_minor: Mapped[int] = mapped_column(BigInteger)


class Difference(Base):
    """What a reconciliation found; amounts are null where one side knows nothing of it."""

    __tablename__ = "payment_difference"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('missing_here', 'missing_there', 'state', 'amount', 'refund')", name="kind"
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    reconciliation_id: Mapped[str] = mapped_column(
        ForeignKey("payment_reconciliation.id"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.id"))
    provider_reference: Mapped[str | None] = mapped_column(String(80))
    ours_state: Mapped[str | None] = mapped_column(String(16))
    theirs_state: Mapped[str | None] = mapped_column(String(40))
    ours_minor: Mapped[int | None] = mapped_column(BigInteger)
    theirs_minor: Mapped[int | None] = mapped_column(BigInteger)
