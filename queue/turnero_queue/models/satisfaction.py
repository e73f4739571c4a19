"""What people answered, counted. No row is one person's, none has an hour, a ticket or an id that
tells when it was made; on SQLite none has a row number either, for those follow one another."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base

DIMENSIONS = ("office", "service", "desk", "hour", "source")
QUESTIONS = ("age", "gender", "disability")


class Feedback(Base):
    """How many gave a score. An answer counts once in each dimension that is known of it, and the
    dimensions are not kept together: nobody can ask for one desk at one hour. `day` is the day
    itself, and for services and desks the Monday of its week."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint(f"dimension IN {DIMENSIONS}", name="dimension"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("answers > 0", name="answers"),
        {"sqlite_with_rowid": False},
    )

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(String(36), primary_key=True)
    score: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answers: Mapped[int]


class FeedbackComment(Base):
    """Words of somebody, of a week of an office. `id` is drawn by lot: it tells no time."""

    __tablename__ = "feedback_comment"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("text <> ''", name="text_not_empty"),
        Index("ix_feedback_comment_office_id", "office_id", "week"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    week: Mapped[date]
    score: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))


class FeedbackMark(Base):
    """That an occasion (a turn, a visit to a kiosk) has had its answer; kept until `until`. The
    digest is keyed with the installation's secret, which is not in the database."""

    __tablename__ = "feedback_mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[date]


class SurveyAnswer(Base):
    """How many gave an answer of the voluntary survey in a month; each question by itself."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        CheckConstraint(f"question IN {QUESTIONS}", name="question"),
        CheckConstraint("answers > 0", name="answers"),
        {"sqlite_with_rowid": False},
    )

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(10), primary_key=True)
    answer: Mapped[str] = mapped_column(String(20), primary_key=True)
    answers: Mapped[int]
