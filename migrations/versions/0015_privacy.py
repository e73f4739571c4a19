"""retention, erasure and sign-in by the city's own provider"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("municipality", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sign_in", JSON, server_default="{}", nullable=False))
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_staff_email_lower_case"), "email = lower(email) AND email <> ''"
        )
        batch_op.create_index("uq_staff_email", ["email"], unique=True)
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("way", sa.String(length=10), server_default="password", nullable=False)
        )
        batch_op.create_check_constraint(
            op.f("ck_staff_session_way"), "way IN ('password', 'provider')"
        )


def downgrade() -> None:
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_staff_session_way"), type_="check")
        batch_op.drop_column("way")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index("uq_staff_email")
        batch_op.drop_constraint(op.f("ck_staff_email_lower_case"), type_="check")
        batch_op.drop_column("email")
    with op.batch_alter_table("municipality", schema=None) as batch_op:
        batch_op.drop_column("sign_in")
