"""help calls and satisfaction"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_mark",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_feedback_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feedback",
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("dimension", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("member", sa.String(length=36), nullable=False),
        sa.Column("score", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "dimension IN ('office', 'service', 'desk', 'hour', 'source')",
            name=op.f("ck_feedback_dimension"),
        ),
        sa.CheckConstraint("answers > 0", name=op.f("ck_feedback_answers")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_feedback_score")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_feedback_office_id")),
        sa.PrimaryKeyConstraint(
            "office_id", "dimension", "day", "member", "score", name=op.f("pk_feedback")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feedback_comment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_feedback_comment_text_not_empty")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_feedback_comment_score")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_feedback_comment_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_comment")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_feedback_comment_office_id", "feedback_comment", ["office_id", "week"], unique=False
    )

    op.create_table(
        "survey_answer",
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("question", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "question IN ('age', 'gender', 'disability')", name=op.f("ck_survey_answer_question")
        ),
        sa.CheckConstraint("answers > 0", name=op.f("ck_survey_answer_answers")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_survey_answer_office_id")
        ),
        sa.PrimaryKeyConstraint(
            "office_id", "month", "question", "answer", name=op.f("pk_survey_answer")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "help_call",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("kiosk", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("screen", sa.String(length=20), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "ended_how <> 'done' OR taken_at IS NOT NULL", name=op.f("ck_help_call_done_was_taken")
        ),
        sa.CheckConstraint(
            "ended_how IN ('done', 'cancelled', 'unanswered', 'forgotten')",
            name=op.f("ck_help_call_ended_how"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_help_call_ended_somehow")
        ),
        sa.CheckConstraint(
            "(taken_at IS NULL) = (taken_by IS NULL)", name=op.f("ck_help_call_taken_by_somebody")
        ),
        sa.CheckConstraint("ended_at >= asked_at", name=op.f("ck_help_call_ended_after_asked")),
        sa.CheckConstraint("taken_at >= asked_at", name=op.f("ck_help_call_taken_after_asked")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_help_call_device_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_help_call_office_id")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_help_call_service_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_help_call_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_call")),
    )
    op.create_index("ix_help_call_office_id", "help_call", ["office_id", "asked_at"], unique=False)
    op.create_index(
        "uq_help_call_open",
        "help_call",
        ["kiosk"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "assistance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("call_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("allowed", sa.Boolean(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.String(length=10), nullable=True),
        sa.Column("screen", sa.String(length=20), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=True),
        sa.Column("lead", sa.String(length=300), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "ended_how IN ('staff', 'citizen', 'refused', 'start', 'time', 'call')",
            name=op.f("ck_assistance_ended_how"),
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (allowed IS NULL)", name=op.f("ck_assistance_answered")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_assistance_ended_somehow")
        ),
        sa.CheckConstraint(
            "(path IS NULL AND lead IS NULL) OR (answered_at IS NOT NULL AND ended_at IS NULL)",
            name=op.f("ck_assistance_seen_while_allowed"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["help_call.id"], name=op.f("fk_assistance_call_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_assistance_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance")),
    )
    op.create_index(
        "uq_assistance_open",
        "assistance",
        ["call_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    for table in (
        "assistance",
        "help_call",
        "survey_answer",
        "feedback_comment",
        "feedback",
        "feedback_mark",
    ):
        op.drop_table(table)
