"""printing"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "printer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uri", sa.String(length=500), nullable=False),
        sa.Column("profile", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('unknown', 'ready', 'failing')", name=op.f("ck_printer_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("code", name=op.f("uq_printer_code")),
    )
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_printer_office_id"), ["office_id"], unique=False)

    op.create_table(
        "print_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("printer_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=True),
        sa.Column("slip", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("copy", sa.Boolean(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=200), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'claimed') = (claimed_by IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_print_job_claimed_has_lease"),
        ),
        sa.CheckConstraint(
            "(state = 'printed') = (printed_at IS NOT NULL)",
            name=op.f("ck_print_job_printed_has_time"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'printed', 'failed', 'expired')",
            name=op.f("ck_print_job_state"),
        ),
        sa.ForeignKeyConstraint(
            ["printer_id"], ["printer.id"], name=op.f("fk_print_job_printer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_print_job_line", ["printer_id", "state", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_print_job_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "print_job_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("print_job_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["print_job_id"],
            ["print_job.id"],
            name=op.f("fk_print_job_event_print_job_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job_event")),
    )
    with op.batch_alter_table("print_job_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_print_job_event_print_job_id"), ["print_job_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("print_job_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_job_event_print_job_id"))

    op.drop_table("print_job_event")
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.drop_index("ix_print_job_subject_id")
        batch_op.drop_index("ix_print_job_line")

    op.drop_table("print_job")
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_printer_office_id"))

    op.drop_table("printer")
