"""availability, seats, bookings and the waiting list"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
HELD = sa.text("state = 'held'")
OPEN = sa.text("state IN ('held', 'confirmed', 'checked_in')")
TAKING = sa.text("state IN ('held', 'confirmed', 'checked_in', 'done', 'no_show')")


def upgrade() -> None:
    op.create_table(
        "appointment_block",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desks", JSON, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_appointment_block_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_appointment_block_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_block")),
    )
    with op.batch_alter_table("appointment_block", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointment_block_office_id", ["office_id", "ends_at"], unique=False
        )

    op.create_table(
        "appointment_calendar",
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_appointment_calendar_office_id")
        ),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_appointment_calendar")),
    )
    op.create_table(
        "availability",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("services", JSON, nullable=False),
        sa.Column("hours", JSON, nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("desks", JSON, nullable=False),
        sa.Column("seat_group", sa.String(length=40), nullable=False),
        sa.Column("pool", sa.String(length=8), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("exceptions", JSON, nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("desks_needed", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("pool IN ('public', 'staff')", name=op.f("ck_availability_pool")),
        sa.CheckConstraint(
            "buffer_minutes >= 0 AND buffer_minutes % 5 = 0", name=op.f("ck_availability_buffer")
        ),
        sa.CheckConstraint("every_weeks > 0", name=op.f("ck_availability_weeks")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_availability_days")),
        sa.CheckConstraint(
            "lead_minutes >= 0 AND horizon_days >= 0", name=op.f("ck_availability_reach")
        ),
        sa.CheckConstraint("seats > 0 AND desks_needed > 0", name=op.f("ck_availability_seats")),
        sa.CheckConstraint(
            "slot_minutes > 0 AND slot_minutes % 5 = 0", name=op.f("ck_availability_slot")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_availability_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
        sa.UniqueConstraint("office_id", "code", name=op.f("uq_availability_office_id_code")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("pool", sa.String(length=8), nullable=False),
        sa.Column("availability", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_quantum", sa.Integer(), nullable=False),
        sa.Column("until_quantum", sa.Integer(), nullable=False),
        sa.Column("seats", sa.String(length=400), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email_digest", sa.String(length=64), nullable=True),
        sa.Column("phone_digest", sa.String(length=64), nullable=True),
        sa.Column("address_digest", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "(state = 'held') = (expires_at IS NOT NULL)", name=op.f("ck_appointment_held_until")
        ),
        sa.CheckConstraint(
            "state != 'checked_in' OR ticket_id IS NOT NULL", name=op.f("ck_appointment_ticket")
        ),
        sa.CheckConstraint(
            "state IN ('held', 'confirmed', 'checked_in', 'done', 'no_show', 'cancelled', 'expired')",
            name=op.f("ck_appointment_state"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointment_ends_after_start")),
        sa.CheckConstraint("until_quantum > first_quantum", name=op.f("ck_appointment_quanta")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_appointment_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_appointment_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_appointment_token_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_appointment_uid")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointment_address_digest",
            ["address_digest"],
            unique=False,
            sqlite_where=HELD,
            postgresql_where=HELD,
        )
        batch_op.create_index("ix_appointment_email_digest", ["email_digest"], unique=False)
        batch_op.create_index(
            "ix_appointment_open",
            ["state", "starts_at"],
            unique=False,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
        batch_op.create_index("ix_appointment_phone_digest", ["phone_digest"], unique=False)
        batch_op.create_index(
            "ix_appointment_taking",
            ["office_id", "until_quantum"],
            unique=False,
            sqlite_where=TAKING,
            postgresql_where=TAKING,
        )
        batch_op.create_index("ix_appointment_ticket_id", ["ticket_id"], unique=False)
        batch_op.create_index(
            "uq_appointment_open_code",
            ["code"],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )

    op.create_table(
        "appointment_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("appointment_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_event_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_event")),
    )
    with op.batch_alter_table("appointment_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointment_event_appointment_id", ["appointment_id", "id"], unique=False
        )

    op.create_table(
        "appointment_seat",
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("quantum", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.String(length=64), nullable=False),
        sa.Column("appointment_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_seat_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_appointment_seat_office_id")
        ),
        sa.PrimaryKeyConstraint("office_id", "quantum", "seat", name=op.f("pk_appointment_seat")),
    )
    with op.batch_alter_table("appointment_seat", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointment_seat_appointment_id", ["appointment_id"], unique=False
        )

    op.create_table(
        "appointment_service",
        sa.Column("appointment_id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_appointment_service_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_appointment_service_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_appointment_service_service_id")
        ),
        sa.PrimaryKeyConstraint(
            "appointment_id", "service_id", name=op.f("pk_appointment_service")
        ),
    )
    op.create_table(
        "appointment_wish",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("services", JSON, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("contact_digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'taken', 'given_up')",
            name=op.f("ck_appointment_wish_state"),
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_appointment_wish_days")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_wish_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_appointment_wish_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_wish")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_appointment_wish_token_digest")),
    )
    with op.batch_alter_table("appointment_wish", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointment_wish_office_id", ["office_id", "state", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("appointment_wish", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_wish_office_id")

    op.drop_table("appointment_wish")
    op.drop_table("appointment_service")
    with op.batch_alter_table("appointment_seat", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_seat_appointment_id")

    op.drop_table("appointment_seat")
    with op.batch_alter_table("appointment_event", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_event_appointment_id")

    op.drop_table("appointment_event")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index("uq_appointment_open_code", sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_index("ix_appointment_ticket_id")
        batch_op.drop_index("ix_appointment_taking", sqlite_where=TAKING, postgresql_where=TAKING)
        batch_op.drop_index("ix_appointment_phone_digest")
        batch_op.drop_index("ix_appointment_open", sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_index("ix_appointment_email_digest")
        batch_op.drop_index(
            "ix_appointment_address_digest", sqlite_where=HELD, postgresql_where=HELD
        )

    op.drop_table("appointment")
    op.drop_table("availability")
    op.drop_table("appointment_calendar")
    with op.batch_alter_table("appointment_block", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_block_office_id")

    op.drop_table("appointment_block")
