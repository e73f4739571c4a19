"""Messages on their way to citizens: the transactional outbox of mails and short messages."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from turnero_core.db import Base, UTCDateTime
from turnero_core.ids import new_id
from turnero_core.sealed import Sealed


class NoticeState(StrEnum):
    """`bounced` was refused by the receiver for good; `failed` was given up after its tries."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    BOUNCED = "bounced"


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Notice(Base):
    """One message to one address; `key` names the event that it tells of, and is told once.

    `data` is JSON (see `notices.kinds`). `attempts` counts the tries begun, each noted before it
    begins; `doubtful` says that one of them may have arrived although its end was never noted.
    Address and data are forgotten (null) when they are no longer needed.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(_one_of("state", NoticeState), name="state"),
        CheckConstraint(_one_of("channel", Channel), name="channel"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint(
            "(state = 'sending') = (claimed_by IS NOT NULL AND lease_until IS NOT NULL)",
            name="sending_has_lease",
        ),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        Index("ix_notice_due", "state", "next_try"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str | None] = mapped_column(String(64), index=True)
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"), index=True)
    address: Mapped[str | None] = mapped_column(Sealed)
    address_digest: Mapped[str] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(8))
    data: Mapped[str | None] = mapped_column(Sealed)
    message_id: Mapped[str] = mapped_column(String(320), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=NoticeState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    doubtful: Mapped[bool] = mapped_column(default=False)
    next_try: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reference: Mapped[str | None] = mapped_column(String(200))
    last_error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
