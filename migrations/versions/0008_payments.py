"""payments: what is to be paid, what became of it, refunds and reconciliation"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _configuration()
    op.create_table(
        "payment_reconciliation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("ours_minor", sa.BigInteger(), nullable=False),
        sa.Column("theirs_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_reconciliation")),
    )
    with op.batch_alter_table("payment_reconciliation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_reconciliation_at"), ["at"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("public_token", sa.String(length=32), nullable=False),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunding_minor", sa.BigInteger(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("twice", sa.Boolean(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=True),
        sa.Column("provider_reference", sa.String(length=80), nullable=True),
        sa.Column("provider_detail", sa.String(length=80), nullable=False),
        sa.Column("qr_data", sa.Text(), nullable=True),
        sa.Column("terminal", sa.String(length=80), nullable=True),
        sa.Column("voucher", sa.String(length=16), nullable=True),
        sa.Column("errand_kind", sa.String(length=16), nullable=False),
        sa.Column("errand_id", sa.String(length=120), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=True),
        sa.Column("point_of_sale", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("payer_name", sa.Text(), nullable=True),
        sa.Column("payer_document", sa.Text(), nullable=True),
        sa.Column("payer_email", sa.Text(), nullable=True),
        sa.Column("payer_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(method = 'cash') = (provider IS NULL)", name=op.f("ck_payment_provider_unless_cash")
        ),
        sa.CheckConstraint(
            "(state = 'partly_refunded') = (refunded_minor > 0 AND refunded_minor < amount_minor)",
            name=op.f("ck_payment_partly_refunded"),
        ),
        sa.CheckConstraint(
            "(state = 'refunded') = (refunded_minor = amount_minor)",
            name=op.f("ck_payment_refunded"),
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'partly_refunded', 'refunded')) = (approved_at IS NOT NULL)",
            name=op.f("ck_payment_approved_at"),
        ),
        sa.CheckConstraint(
            "errand_kind IN ('ticket', 'appointment', 'debt', 'certificate', 'service')",
            name=op.f("ck_payment_errand_kind"),
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'qr', 'card_terminal')", name=op.f("ck_payment_method")
        ),
        sa.CheckConstraint(
            "state IN ('approved', 'partly_refunded', 'refunded') OR refunded_minor + refunding_minor = 0",
            name=op.f("ck_payment_refunded_of_approved"),
        ),
        sa.CheckConstraint(
            "state IN ('created', 'pending', 'approved', 'rejected', 'cancelled', 'expired', 'partly_refunded', 'refunded')",
            name=op.f("ck_payment_state"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_amount_positive")),
        sa.CheckConstraint(
            "refunded_minor + refunding_minor <= amount_minor",
            name=op.f("ck_payment_refunded_most"),
        ),
        sa.CheckConstraint("refunded_minor >= 0", name=op.f("ck_payment_refunded_not_negative")),
        sa.CheckConstraint("refunding_minor >= 0", name=op.f("ck_payment_refunding_not_negative")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_payment_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_idempotency_key")),
        sa.UniqueConstraint(
            "provider", "provider_reference", name=op.f("uq_payment_provider_provider_reference")
        ),
        sa.UniqueConstraint("public_token", name=op.f("uq_payment_public_token")),
        sa.UniqueConstraint("voucher", name=op.f("uq_payment_voucher")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_approved_at", ["office_id", "approved_at"], unique=False)
        batch_op.create_index(
            "ix_payment_due",
            ["check_at"],
            unique=False,
            sqlite_where=sa.text("check_at IS NOT NULL"),
            postgresql_where=sa.text("check_at IS NOT NULL"),
        )
        batch_op.create_index("ix_payment_errand", ["errand_kind", "errand_id"], unique=False)
        batch_op.create_index("ix_payment_office_id", ["office_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_payment_open",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('created', 'pending')"),
            postgresql_where=sa.text("state IN ('created', 'pending')"),
        )
        batch_op.create_index("ix_payment_payer", ["payer_digest"], unique=False)

    op.create_table(
        "payment_difference",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reconciliation_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=True),
        sa.Column("provider_reference", sa.String(length=80), nullable=True),
        sa.Column("ours_state", sa.String(length=16), nullable=True),
        sa.Column("theirs_state", sa.String(length=40), nullable=True),
        sa.Column("ours_minor", sa.BigInteger(), nullable=True),
        sa.Column("theirs_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('missing_here', 'missing_there', 'state', 'amount', 'refund')",
            name=op.f("ck_payment_difference_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_difference_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"],
            ["payment_reconciliation.id"],
            name=op.f("fk_payment_difference_reconciliation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_difference")),
    )
    with op.batch_alter_table("payment_difference", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_difference_reconciliation_id"),
            ["reconciliation_id"],
            unique=False,
        )

    op.create_table(
        "payment_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_event_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_event")),
        sa.UniqueConstraint("payment_id", "seq", name=op.f("uq_payment_event_payment_id_seq")),
    )
    op.create_table(
        "payment_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=True),
        sa.Column("debt_key", sa.String(length=200), nullable=True),
        sa.Column("holds", sa.String(length=300), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_item_amount_positive")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_payment_item_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_item_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_payment_item_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_item")),
        sa.UniqueConstraint("holds", name=op.f("uq_payment_item_holds")),
        sa.UniqueConstraint(
            "payment_id", "position", name=op.f("uq_payment_item_payment_id_position")
        ),
    )
    with op.batch_alter_table("payment_item", schema=None) as batch_op:
        batch_op.create_index("ix_payment_item_debt_key", ["debt_key"], unique=False)

    op.create_table(
        "payment_refund",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("provider_reference", sa.String(length=80), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_payment_refund_reason_given")),
        sa.CheckConstraint(
            "state IN ('created', 'pending', 'approved', 'rejected')",
            name=op.f("ck_payment_refund_state"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_refund_amount_positive")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_refund_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_refund")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_refund_idempotency_key")),
        sa.UniqueConstraint(
            "payment_id",
            "provider_reference",
            name=op.f("uq_payment_refund_payment_id_provider_reference"),
        ),
    )
    with op.batch_alter_table("payment_refund", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payment_refund_due",
            ["check_at"],
            unique=False,
            sqlite_where=sa.text("check_at IS NOT NULL"),
            postgresql_where=sa.text("check_at IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_payment_refund_payment_id"), ["payment_id"], unique=False
        )


def _configuration() -> None:
    with op.batch_alter_table("municipality", schema=None) as batch_op:
        batch_op.add_column(sa.Column("payments", JSON, nullable=True))
    op.execute("UPDATE municipality SET payments = '{}'")
    with op.batch_alter_table("municipality", schema=None) as batch_op:
        batch_op.alter_column("payments", existing_type=JSON, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("payment_refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_refund_payment_id"))
        batch_op.drop_index(
            "ix_payment_refund_due",
            sqlite_where=sa.text("check_at IS NOT NULL"),
            postgresql_where=sa.text("check_at IS NOT NULL"),
        )

    op.drop_table("payment_refund")
    with op.batch_alter_table("payment_item", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_item_debt_key")

    op.drop_table("payment_item")
    op.drop_table("payment_event")
    with op.batch_alter_table("payment_difference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_difference_reconciliation_id"))

    op.drop_table("payment_difference")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_payer")
        batch_op.drop_index(
            "ix_payment_open",
            sqlite_where=sa.text("state IN ('created', 'pending')"),
            postgresql_where=sa.text("state IN ('created', 'pending')"),
        )
        batch_op.drop_index("ix_payment_office_id")
        batch_op.drop_index("ix_payment_errand")
        batch_op.drop_index(
            "ix_payment_due",
            sqlite_where=sa.text("check_at IS NOT NULL"),
            postgresql_where=sa.text("check_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_payment_approved_at")

    op.drop_table("payment")
    with op.batch_alter_table("payment_reconciliation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_reconciliation_at"))

    op.drop_table("payment_reconciliation")
    with op.batch_alter_table("municipality", schema=None) as batch_op:
        batch_op.drop_column("payments")
