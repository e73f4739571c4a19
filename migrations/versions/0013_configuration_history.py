"""configuration: earlier versions, to undo"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "configuration_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("entries", JSON, nullable=False),
        sa.Column("undoes_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_configuration_change_version_positive")),
        sa.CheckConstraint("undoes_id != id", name=op.f("ck_configuration_change_not_of_itself")),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["configuration_change.id"],
            name=op.f("fk_configuration_change_undoes_id_configuration_change"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_change")),
        sa.UniqueConstraint("version", name=op.f("uq_configuration_change_version")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_configuration_change_undoes_id")),
    )
    op.create_index("ix_configuration_change_office", "configuration_change", ["office", "version"])


def downgrade() -> None:
    op.drop_table("configuration_change")
