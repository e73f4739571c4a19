"""statistics derived from events"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ADDS_UP = "issued = served + left_unserved + cancelled + no_show + still_there"

OUT_OF_ORDER = sa.text("kind = 'called' AND reason IS NOT NULL")

# For programs of the city that draw and count by themselves. They name no other tables than these,
# so that those can change; and neither people nor classes of priority, which may tell of people.
VIEWS = {
    "bi_hours": """
        SELECT office, day, hour, service, origin,
          SUM(issued) AS issued, SUM(served) AS served, SUM(left_unserved) AS left_unserved,
          SUM(cancelled) AS cancelled, SUM(no_show) AS no_show, SUM(still_there) AS still_there,
          SUM(called) AS called, SUM(on_target) AS on_target, SUM(wait_s) AS wait_s,
          SUM(service_s) AS service_s, SUM(recalls) AS recalls, SUM(transfers) AS transfers,
          SUM(out_of_order) AS out_of_order, SUM(on_paper) AS on_paper,
          SUM(paperless) AS paperless
        FROM statistic_hour GROUP BY office, day, hour, service, origin""",
    "bi_desk_hours": """
        SELECT office, desk, day, hour, SUM(open_s) AS open_s, SUM(paused_s) AS paused_s,
          SUM(serving_s) AS serving_s, SUM(attentions) AS attentions
        FROM statistic_desk GROUP BY office, desk, day, hour""",
    "bi_days": """
        SELECT office, day, service,
          SUM(issued) AS issued, SUM(served) AS served, SUM(left_unserved) AS left_unserved,
          SUM(cancelled) AS cancelled, SUM(no_show) AS no_show, SUM(still_there) AS still_there,
          SUM(called) AS called, SUM(on_target) AS on_target, SUM(wait_s) AS wait_s,
          SUM(service_s) AS service_s
        FROM statistic_hour GROUP BY office, day, service""",
}


def upgrade() -> None:
    op.create_index(
        "ix_ticket_event_out_of_order",
        "ticket_event",
        ["office_id", "at"],
        sqlite_where=OUT_OF_ORDER,
        postgresql_where=OUT_OF_ORDER,
    )
    op.create_table(
        "statistic_progress",
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_statistic_progress_seq_not_negative")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_statistic_progress_office_id")
        ),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_statistic_progress")),
    )
    op.create_table(
        "statistic_day",
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("labels", JSON, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('visits', 'desks')", name=op.f("ck_statistic_day_kind")),
        sa.CheckConstraint("count > 0", name=op.f("ck_statistic_day_count_positive")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_statistic_day_office_id")
        ),
        sa.PrimaryKeyConstraint("office_id", "day", "kind", "part", name=op.f("pk_statistic_day")),
    )
    op.create_table(
        "statistic_hour",
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("left_unserved", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("no_show", sa.Integer(), nullable=False),
        sa.Column("still_there", sa.Integer(), nullable=False),
        sa.Column("called", sa.Integer(), nullable=False),
        sa.Column("on_target", sa.Integer(), nullable=False),
        sa.Column("wait_s", sa.Integer(), nullable=False),
        sa.Column("service_s", sa.Integer(), nullable=False),
        sa.Column("recalls", sa.Integer(), nullable=False),
        sa.Column("transfers", sa.Integer(), nullable=False),
        sa.Column("out_of_order", sa.Integer(), nullable=False),
        sa.Column("on_paper", sa.Integer(), nullable=False),
        sa.Column("paperless", sa.Integer(), nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_statistic_hour_hour")),
        sa.CheckConstraint(ADDS_UP, name=op.f("ck_statistic_hour_adds_up")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_statistic_hour_office_id")
        ),
        sa.PrimaryKeyConstraint(
            "office_id",
            "day",
            "hour",
            "service",
            "priority",
            "origin",
            name=op.f("pk_statistic_hour"),
        ),
    )
    op.create_table(
        "statistic_desk",
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("staff", sa.String(length=80), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("open_s", sa.Integer(), nullable=False),
        sa.Column("paused_s", sa.Integer(), nullable=False),
        sa.Column("serving_s", sa.Integer(), nullable=False),
        sa.Column("attentions", sa.Integer(), nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_statistic_desk_hour")),
        sa.CheckConstraint(
            "serving_s <= open_s", name=op.f("ck_statistic_desk_serving_while_open")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_statistic_desk_office_id")
        ),
        sa.PrimaryKeyConstraint(
            "office_id", "day", "hour", "desk", "staff", name=op.f("pk_statistic_desk")
        ),
    )
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS{query}")


def downgrade() -> None:
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
    op.drop_index("ix_ticket_event_out_of_order", "ticket_event")
    for table in ("statistic_desk", "statistic_hour", "statistic_day", "statistic_progress"):
        op.drop_table(table)
