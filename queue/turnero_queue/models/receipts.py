"""What money and checks leave behind: receipts, debts to be reported, certificates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, JsonValue, UTCDateTime
from turnero_core.ids import new_id
from turnero_core.sealed import Sealed

RECEIPT_KINDS = ("receipt", "credit_note")
_receipt = text("kind = 'receipt'")
_waiting = text("state = 'waiting'")


class ReceiptCounter(Base):
    """The last number given at a point of sale; taken in the transaction that approves."""

    __tablename__ = "receipt_counter"

    point_of_sale: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    last: Mapped[int]


class Receipt(Base):
    """Never changed. `content` is what it says, in its own language (see `receipts.content`);
    a credit note refers to the `original` that it takes back, in part or whole."""

    __tablename__ = "receipt"
    __table_args__ = (
        Unique("kind", "point_of_sale", "number"),
        CheckConstraint(f"kind IN {RECEIPT_KINDS}", name="kind"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint(
            "(kind = 'credit_note') = (refund_id IS NOT NULL AND original_id IS NOT NULL)",
            name="credit_note_of_refund",
        ),
        Index(
            "uq_receipt_payment",
            "payment_id",
            unique=True,
            sqlite_where=_receipt,
            postgresql_where=_receipt,
        ),
        Index("ix_receipt_issued_at", "office_id", "issued_at"),
        Index("ix_receipt_payer", "payer_digest"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(12))
    point_of_sale: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"), index=True)
    refund_id: Mapped[str | None] = mapped_column(ForeignKey("payment_refund.id"), unique=True)
    original_id: Mapped[str | None] = mapped_column(ForeignKey("receipt.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    language: Mapped[str] = mapped_column(String(8))
    simulated: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    payer_name: Mapped[str | None] = mapped_column(Sealed)
    payer_document: Mapped[str | None] = mapped_column(Sealed)
    payer_digest: Mapped[str | None] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_by: Mapped[str] = mapped_column(String(80))


class DebtReport(Base):
    """A paid debt on its way to the system it came from; `key` is the same at every try."""

    __tablename__ = "debt_report"
    __table_args__ = (
        Unique("payment_id", "connector", "debt_key"),
        CheckConstraint("state IN ('waiting', 'reported')", name="state"),
        CheckConstraint("(state = 'reported') = (reported_at IS NOT NULL)", name="reported_at"),
        Index("ix_debt_report_due", "next_at", sqlite_where=_waiting, postgresql_where=_waiting),
        Index("ix_debt_report_debt", "connector", "debt_key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"))
    connector: Mapped[str] = mapped_column(String(40))
    debt_key: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    receipt: Mapped[str] = mapped_column(String(80))
    method: Mapped[str] = mapped_column(String(16))
    paid_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Certificate(Base):
    """`document` is the canonical JSON of what it says, with whom it is about; `token` is its
    signed summary, which the QR code carries. Only its revocation is ever written later."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) "
            "AND (revoked_at IS NULL) = (revoked_reason = '')",
            name="revoked_with_reason",
        ),
        Index("ix_certificate_issued_at", "office_id", "issued_at"),
        Index("ix_certificate_subject", "subject_digest"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    names: Mapped[dict[str, str]] = mapped_column(JsonValue)
    subject_digest: Mapped[str] = mapped_column(String(64))
    subject_hint: Mapped[str] = mapped_column(String(40))
    document: Mapped[str] = mapped_column(Sealed)
    token: Mapped[str] = mapped_column(Sealed)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_by: Mapped[str] = mapped_column(String(80))
    valid_until: Mapped[date]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by: Mapped[str | None] = mapped_column(String(80))
    revoked_reason: Mapped[str] = mapped_column(Text, default="")
