"""paused services, desks lent for a day, messages to the hall, where offices stand"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("ended_at IS NULL")
OFFICE_CHECKS = {
    "whole_location": "(latitude IS NULL) = (longitude IS NULL)",
    "latitude": "latitude BETWEEN -90 AND 90",
    "longitude": "longitude BETWEEN -180 AND 180",
}


def upgrade() -> None:
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("longitude", sa.Double(), nullable=True))
        for name, condition in OFFICE_CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_office_{name}"), condition)
    _service_pause()
    _hall_message()
    _desk_loan()


def _service_pause() -> None:
    op.create_table(
        "service_pause",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until > began_at", name=op.f("ck_service_pause_until_later")
        ),
        *_ended("service_pause"),
        *_office("service_pause"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_pause_service_id_service")
        ),
    )
    _open_index("service_pause", "office_id", "service_id")
    with op.batch_alter_table("service_pause", schema=None) as batch_op:
        batch_op.create_index("ix_service_pause_office_id", ["office_id", "began_at"])


def _hall_message() -> None:
    op.create_table(
        "hall_message",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("spoken", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("until > began_at", name=op.f("ck_hall_message_until_later")),
        *_ended("hall_message"),
        *_office("hall_message"),
    )
    _open_index("hall_message", "office_id")


def _desk_loan() -> None:
    op.create_table(
        "desk_loan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("desk_id", sa.String(length=36), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("lent", JSON, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until > began_at", name=op.f("ck_desk_loan_until_later")),
        *_office("desk_loan"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_desk_loan_desk_id_desk")),
    )
    _open_index("desk_loan", "desk_id")


def _ended(table: str) -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= began_at", name=op.f(f"ck_{table}_ended_later")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f(f"ck_{table}_ended_by")
        ),
    ]


def _office(table: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f(f"fk_{table}_office_id_office")
        ),
    ]


def _open_index(table: str, *columns: str) -> None:
    op.create_index(
        f"uq_{table}_open",
        table,
        list(columns),
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    for table in ("desk_loan", "hall_message", "service_pause"):
        op.drop_table(table)
    with op.batch_alter_table("office", schema=None) as batch_op:
        for name in OFFICE_CHECKS:
            batch_op.drop_constraint(op.f(f"ck_office_{name}"), type_="check")
        batch_op.drop_column("longitude")
        batch_op.drop_column("latitude")
