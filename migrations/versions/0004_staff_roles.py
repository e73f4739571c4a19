"""roles of staff, their sessions, and the audit log"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SAID = "the audit log is append-only"


ROLES = "'attendant', 'cashier', 'receptionist', 'supervisor', 'administrator', 'auditor'"


def upgrade() -> None:
    _roles()
    op.execute(
        "INSERT INTO staff_role (id, staff_id, role, office_id) SELECT id, id, "
        "CASE role WHEN 'admin' THEN 'administrator' WHEN 'clerk' THEN 'attendant' "
        "ELSE role END, office_id FROM staff"
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_staff_role"), type_="check")
        batch_op.drop_constraint(op.f("fk_staff_office_id"), type_="foreignkey")
        batch_op.drop_column("role")
        batch_op.drop_column("office_id")
        batch_op.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("external_id", sa.String(length=255), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_staff_external_id"), ["external_id"])
    _sessions()
    _audit()


def downgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_staff_external_id"), type_="unique")
        for name in ("external_id", "totp_step", "totp_secret"):
            batch_op.drop_column(name)
        batch_op.add_column(
            sa.Column("role", sa.String(length=12), server_default="clerk", nullable=False)
        )
        batch_op.add_column(sa.Column("office_id", sa.String(length=36), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_staff_role"), "role IN ('admin', 'supervisor', 'clerk')"
        )
        batch_op.create_foreign_key(op.f("fk_staff_office_id"), "office", ["office_id"], ["id"])
    _one_role_each()
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.alter_column("role", server_default=None)
    for table in ("staff_backup_code", "staff_session", "staff_role"):
        op.drop_table(table)
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS audit_refuse()")


def _roles() -> None:
    op.create_table(
        "staff_role",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_staff_role_role")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_staff_role_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
    )
    for name, columns, where in (
        ("somewhere", ["staff_id", "role", "office_id"], "office_id IS NOT NULL"),
        ("everywhere", ["staff_id", "role"], "office_id IS NULL"),
    ):
        op.create_index(
            f"uq_staff_role_{name}",
            "staff_role",
            columns,
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def _one_role_each() -> None:
    """The strongest role of the three there were. Who held none of them, nor one that attends
    people, is taken out of use rather than given more than they had."""
    for old, kept in (
        ("clerk", "'attendant', 'cashier', 'receptionist'"),
        ("supervisor", "'supervisor'"),
        ("admin", "'administrator'"),
    ):
        mine = f"FROM staff_role r WHERE r.staff_id = staff.id AND r.role IN ({kept})"
        everywhere = f"EXISTS (SELECT 1 {mine} AND r.office_id IS NULL)"
        op.execute(
            f"UPDATE staff SET role = '{old}', office_id = CASE WHEN {everywhere} THEN NULL "
            f"ELSE (SELECT min(r.office_id) {mine}) END WHERE EXISTS (SELECT 1 {mine})"
        )
    op.execute(
        "UPDATE staff SET active = false WHERE NOT EXISTS (SELECT 1 FROM staff_role r "
        "WHERE r.staff_id = staff.id AND r.role <> 'auditor')"
    )


def _sessions() -> None:
    op.create_table(
        "staff_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id", "created_at"])
    op.create_table(
        "staff_backup_code",
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_staff_backup_code_staff_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff_id", "hash", name=op.f("pk_staff_backup_code")),
    )


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_entry_seq_positive")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_entry_actor", ["actor", "seq"], unique=False)
        batch_op.create_index("ix_audit_entry_action", ["action", "seq"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgres()
    else:
        _guard_on_sqlite()


def _guard_on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry "
        f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )
    for table in ("audit_entry", "audit_head"):
        op.execute(
            f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_head_back BEFORE UPDATE ON audit_head WHEN new.seq < old.seq "
        f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )


def _guard_on_postgres() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_head_back BEFORE UPDATE ON audit_head FOR EACH ROW "
        "WHEN (new.seq < old.seq) EXECUTE FUNCTION audit_refuse()"
    )
    for table in ("audit_entry", "audit_head"):
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
