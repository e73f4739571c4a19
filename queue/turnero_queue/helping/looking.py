"""What calls for help are open, as pages show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from turnero_core.errors import NotFound
from turnero_core.i18n import N_
from turnero_queue.models import HelpCall, Staff

# Nobody came in this time: nobody will. It is judged when read, and noted by a job.
UNANSWERED = timedelta(minutes=30)
# Whoever went to help forgot to say that they are done.
FORGOTTEN = timedelta(minutes=60)


@dataclass(frozen=True)
class Call:
    """`helper` is the whole name of whoever took it, for the staff; a kiosk shows `first_name`."""

    id: str
    office_id: str
    device_id: str | None
    label: str
    screen: str
    service_id: str | None
    language: str
    asked_at: datetime
    taken_at: datetime | None
    taken_by: str | None
    helper: str
    ended_at: datetime | None
    ended_how: str | None

    @property
    def first_name(self) -> str:
        return self.helper.split()[0] if self.helper else ""

    def waited_s(self, now: datetime) -> int:
        """How long it took, or has taken so far, until somebody took it or it was over."""
        until = self.taken_at or self.ended_at or now
        return max(0, int((until - self.asked_at).total_seconds()))

    def is_urgent(self, after_minutes: int, now: datetime) -> bool:
        """Whether nobody has taken it for too long; 0 minutes is never."""
        waits = self.taken_at is None and self.ended_at is None and after_minutes > 0
        return waits and self.waited_s(now) >= after_minutes * 60


def is_open(now: datetime) -> ColumnElement[bool]:
    """Neither ended nor so old that nobody is there any more."""
    return and_(
        HelpCall.ended_at.is_(None),
        or_(
            and_(HelpCall.taken_at.is_(None), HelpCall.asked_at > now - UNANSWERED),
            # Said in full, so that the opposite of it is known too where nobody has taken it.
            and_(HelpCall.taken_at.is_not(None), HelpCall.taken_at > now - FORGOTTEN),
        ),
    )


def open_calls(session: Session, office_ids: Collection[str], now: datetime) -> list[Call]:
    """The open calls of those offices, those that nobody has taken first, the oldest first."""
    query = (
        chosen()
        .where(HelpCall.office_id.in_(list(office_ids)), is_open(now))
        .order_by(HelpCall.taken_at.is_not(None), HelpCall.asked_at, HelpCall.id)
    )
    return [of_row(row) for row in session.execute(query)]


def of_kiosk(session: Session, kiosk: str, now: datetime) -> Call | None:
    """The open call of that kiosk."""
    query = chosen().where(HelpCall.kiosk == kiosk, is_open(now))
    row = session.execute(query).one_or_none()
    return of_row(row) if row else None


def find(session: Session, call_id: str) -> Call:
    """A call, also one that is over."""
    row = session.execute(chosen().where(HelpCall.id == call_id)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such call for help."))
    return of_row(row)


def chosen() -> Select[HelpCall, str]:
    """Calls, each with the name of whoever took it; see `of_row`."""
    return select(HelpCall, Staff.name).outerjoin(Staff, Staff.id == HelpCall.taken_by)


def of_row(row: Row[HelpCall, str]) -> Call:
    call, helper = row
    return Call(
        call.id,
        call.office_id,
        call.device_id,
        call.label,
        call.screen,
        call.service_id,
        call.language,
        call.asked_at,
        call.taken_at,
        call.taken_by,
        helper or "",
        call.ended_at,
        call.ended_how,
    )
