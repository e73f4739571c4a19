"""kiosks, agents and displays, their enrolment and their health"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KINDS = "kind IN ('kiosk', 'agent', 'display', 'tablet')"


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("technician_hash", sa.String(length=64), nullable=True),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("commands", JSON, nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=True),
        sa.Column("instance_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_device_kind")),
        sa.CheckConstraint("code <> ''", name=op.f("ck_device_code_not_empty")),
        sa.CheckConstraint(
            "token_hash IS NULL OR enrolled_at IS NOT NULL", name=op.f("ck_device_token_has_time")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_device_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("code", name=op.f("uq_device_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.create_index(op.f("ix_device_office_id"), "device", ["office_id"])
    op.create_table(
        "device_enrolment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_device_enrolment_kind")),
        sa.CheckConstraint(
            "secret_hash IS NOT NULL OR device_id IS NOT NULL",
            name=op.f("ck_device_enrolment_asked_or_invited"),
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR device_id IS NOT NULL",
            name=op.f("ck_device_enrolment_used_for_a_device"),
        ),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_device_enrolment_device_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_enrolment")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_device_enrolment_code_hash")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_device_enrolment_secret_hash")),
    )
    op.create_index("ix_device_enrolment_expires_at", "device_enrolment", ["expires_at"])
    op.create_index(op.f("ix_device_enrolment_device_id"), "device_enrolment", ["device_id"])
    op.create_table(
        "device_alert",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=True),
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hook_step", sa.Integer(), nullable=False),
        sa.Column("hook_tries", sa.Integer(), nullable=False),
        sa.Column("hook_next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_device_alert_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_alert")),
    )
    op.create_index(op.f("ix_device_alert_office_id"), "device_alert", ["office_id"])
    op.create_index("ix_device_alert_hook", "device_alert", ["hook_step", "hook_next_at"])
    op.create_index(
        "uq_device_alert_open",
        "device_alert",
        ["subject_id", "slug"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device_id", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_printer_device_id"), ["device_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_printer_device_id"))
        batch_op.drop_column("device_id")
    op.drop_table("device_alert")
    op.drop_table("device_enrolment")
    op.drop_table("device")
