"""how much paper a printer has"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("paper", sa.String(length=16), server_default="unknown", nullable=False)
        )
        batch_op.create_check_constraint(
            op.f("ck_printer_paper"), "paper IN ('ok', 'near_end', 'out', 'unknown')"
        )


def downgrade() -> None:
    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_printer_paper"), type_="check")
        batch_op.drop_column("paper")
