"""receipts, reports of debts, certificates and the cash desk"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "receipt_counter",
        sa.Column("point_of_sale", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("point_of_sale", "kind", name=op.f("pk_receipt_counter")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("point_of_sale", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("refund_id", sa.String(length=36), nullable=True),
        sa.Column("original_id", sa.String(length=36), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("payer_name", sa.Text(), nullable=True),
        sa.Column("payer_document", sa.Text(), nullable=True),
        sa.Column("payer_digest", sa.String(length=64), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (refund_id IS NOT NULL AND original_id IS NOT NULL)",
            name=op.f("ck_receipt_credit_note_of_refund"),
        ),
        sa.CheckConstraint("kind IN ('receipt', 'credit_note')", name=op.f("ck_receipt_kind")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_receipt_amount_positive")),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipt_number_positive")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_receipt_office_id")),
        sa.ForeignKeyConstraint(
            ["original_id"], ["receipt.id"], name=op.f("fk_receipt_original_id")
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_receipt_payment_id")),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["payment_refund.id"], name=op.f("fk_receipt_refund_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("code", name=op.f("uq_receipt_code")),
        sa.UniqueConstraint(
            "kind", "point_of_sale", "number", name=op.f("uq_receipt_kind_point_of_sale_number")
        ),
        sa.UniqueConstraint("refund_id", name=op.f("uq_receipt_refund_id")),
    )
    op.create_index("ix_receipt_issued_at", "receipt", ["office_id", "issued_at"], unique=False)
    op.create_index(op.f("ix_receipt_original_id"), "receipt", ["original_id"], unique=False)
    op.create_index("ix_receipt_payer", "receipt", ["payer_digest"], unique=False)
    op.create_index(op.f("ix_receipt_payment_id"), "receipt", ["payment_id"], unique=False)
    op.create_index(
        "uq_receipt_payment",
        "receipt",
        ["payment_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'receipt'"),
        postgresql_where=sa.text("kind = 'receipt'"),
    )
    op.create_table(
        "debt_report",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("debt_key", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("receipt", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'reported') = (reported_at IS NOT NULL)",
            name=op.f("ck_debt_report_reported_at"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'reported')", name=op.f("ck_debt_report_state")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_debt_report_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debt_report")),
        sa.UniqueConstraint("key", name=op.f("uq_debt_report_key")),
        sa.UniqueConstraint(
            "payment_id",
            "connector",
            "debt_key",
            name=op.f("uq_debt_report_payment_id_connector_debt_key"),
        ),
    )
    op.create_index("ix_debt_report_debt", "debt_report", ["connector", "debt_key"], unique=False)
    op.create_index(
        "ix_debt_report_due",
        "debt_report",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("subject_digest", sa.String(length=64), nullable=False),
        sa.Column("subject_hint", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=80), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_reason = '')",
            name=op.f("ck_certificate_revoked_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_certificate_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_certificate_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_certificate_payment_id")),
    )
    op.create_index(
        "ix_certificate_issued_at", "certificate", ["office_id", "issued_at"], unique=False
    )
    op.create_index("ix_certificate_subject", "certificate", ["subject_digest"], unique=False)
    op.create_table(
        "cash_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("point_of_sale", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("float_minor", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_minor", sa.BigInteger(), nullable=True),
        sa.Column("count", JSON, nullable=False),
        sa.Column("expected_minor", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("approver_id", sa.String(length=36), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_cash_session_closed_at")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (counted_minor IS NULL AND expected_minor IS NULL AND counted_at IS NULL)",
            name=op.f("ck_cash_session_counted"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR counted_minor = expected_minor OR (approver_id IS NOT NULL AND reason <> '')",
            name=op.f("ck_cash_session_difference_approved"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'counted', 'closed')", name=op.f("ck_cash_session_state")
        ),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> staff_id",
            name=op.f("ck_cash_session_second_person"),
        ),
        sa.CheckConstraint("counted_minor >= 0", name=op.f("ck_cash_session_counted_not_negative")),
        sa.CheckConstraint("float_minor >= 0", name=op.f("ck_cash_session_float_not_negative")),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["staff.id"], name=op.f("fk_cash_session_approver_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_cash_session_office_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_cash_session_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_session")),
    )
    op.create_index(
        "ix_cash_session_office_id", "cash_session", ["office_id", "opened_at"], unique=False
    )
    op.create_index(
        "uq_cash_session_cashier",
        "cash_session",
        ["staff_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_cash_session_point_of_sale",
        "cash_session",
        ["point_of_sale"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "cash_movement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("drawer_minor", sa.BigInteger(), nullable=False),
        sa.Column("rounding_minor", sa.BigInteger(), nullable=False),
        sa.Column("tendered_minor", sa.BigInteger(), nullable=False),
        sa.Column("change_minor", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=True),
        sa.Column("refund_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('cash', 'card', 'refund')) = (payment_id IS NOT NULL)",
            name=op.f("ck_cash_movement_payment"),
        ),
        sa.CheckConstraint(
            "CASE WHEN kind = 'card' THEN drawer_minor = 0 WHEN kind IN ('withdrawal', 'refund') THEN drawer_minor <= 0 ELSE drawer_minor >= 0 END",
            name=op.f("ck_cash_movement_drawer"),
        ),
        sa.CheckConstraint(
            "kind <> 'cash' OR (drawer_minor = tendered_minor - change_minor AND drawer_minor = amount_minor + rounding_minor AND change_minor >= 0)",
            name=op.f("ck_cash_movement_change"),
        ),
        sa.CheckConstraint(
            "kind IN ('float', 'cash', 'card', 'deposit', 'withdrawal', 'refund')",
            name=op.f("ck_cash_movement_kind"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_cash_movement_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_cash_movement_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["payment_refund.id"], name=op.f("fk_cash_movement_refund_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cash_session.id"], name=op.f("fk_cash_movement_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_movement")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_cash_movement_refund_id")),
        sa.UniqueConstraint("session_id", "seq", name=op.f("uq_cash_movement_session_id_seq")),
    )
    op.create_index(
        "uq_cash_movement_payment",
        "cash_movement",
        ["payment_id"],
        unique=True,
        sqlite_where=sa.text("kind IN ('cash', 'card')"),
        postgresql_where=sa.text("kind IN ('cash', 'card')"),
    )


def downgrade() -> None:
    for table in (
        "cash_movement",
        "cash_session",
        "certificate",
        "debt_report",
        "receipt",
        "receipt_counter",
    ):
        op.drop_table(table)
