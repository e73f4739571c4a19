"""Moves of a notice on its way: claimed with a lease, sent, failed, tried again.

Each is a compare-and-set on the state and the number of the try, so that of two senders one
moves it, and one that comes late with its news changes nothing. The claim is committed before
anything is sent: whoever finds a lease run out knows that the message may have arrived, and
sends it again under the same Message-ID, by which the receiver knows it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from turnero_core import live
from turnero_core.errors import Conflict, NotFound
from turnero_core.i18n import N_
from turnero_queue.models.notices import Channel, Notice, NoticeState
from turnero_queue.notices.outbox import TOPIC

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=4)
DAY = timedelta(days=1)
Q, S = NoticeState.QUEUED, NoticeState.SENDING


def is_due(session: Session, channels: Collection[Channel], now: datetime) -> bool:
    if not channels:
        return False
    return session.scalar(select(Notice.id).where(_due(channels, now)).limit(1)) is not None


def next_due(session: Session, channels: Collection[Channel], now: datetime) -> Notice | None:
    query = select(Notice).where(_due(channels, now)).order_by(Notice.next_try, Notice.id).limit(1)
    return session.scalar(query.execution_options(populate_existing=True))


def claim(
    session: Session, notice: Notice, worker: str, now: datetime, lease: timedelta = LEASE
) -> bool:
    """Begin a try; False when somebody else was first. One that was begun and never ended is
    doubtful from now on."""
    return _move(
        session,
        notice,
        state=S,
        attempts=notice.attempts + 1,
        doubtful=notice.doubtful or notice.state == S,
        claimed_by=worker,
        lease_until=now + lease,
    )


def put_off(session: Session, notice: Notice, until: datetime) -> bool:
    """Leave one that is not begun for later."""
    begun = notice.doubtful or notice.state == S
    return _move(session, notice, state=Q, next_try=until, doubtful=begun)


def end(session: Session, notice: Notice, state: NoticeState, why: str) -> bool:
    """Give up one that is not worth sending (any more)."""
    return _move(session, notice, state=state, last_error=why[:500])


# What a receiver's server said may repeat the address.
FORGOTTEN = {"address": None, "address_digest": "", "data": None, "last_error": None}


def note_sent(
    session: Session, notice: Notice, attempt: int, reference: str, now: datetime
) -> bool:
    """It was handed over, even if it was withdrawn at that very moment."""
    return _ended(
        session,
        notice.id,
        attempt,
        (S, NoticeState.WITHDRAWN),
        state=NoticeState.SENT,
        sent_at=now,
        reference=reference[:200] or None,
        last_error=None,
    )


def note_failed(
    session: Session,
    notice: Notice,
    attempt: int,
    why: str,
    now: datetime,
    *,
    permanent: bool,
    doubtful: bool = False,
) -> bool:
    state = Q
    if permanent:
        state = NoticeState.BOUNCED
    elif attempt >= MOST_ATTEMPTS:
        state = NoticeState.FAILED
    return _ended(
        session,
        notice.id,
        attempt,
        (S,),
        state=state,
        next_try=now + backoff(attempt),
        last_error=why[:500],
        doubtful=True if doubtful else Notice.doubtful,
    )


def backoff(attempt: int) -> timedelta:
    """A minute after the first try, twice as long after each other one, up to four hours."""
    return min(timedelta(minutes=2 ** min(attempt - 1, 10)), LONGEST_WAIT)


def try_again(session: Session, notice_id: str, now: datetime) -> Notice:
    """A person wants one sent that was given up; Conflict when there is nothing to try."""
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise NotFound(N_("There is no such message."))
    if not may_retry(notice):
        raise Conflict(N_("This message cannot be sent again."))
    if not _move(session, notice, state=Q, attempts=0, next_try=now):
        raise Conflict(N_("This message cannot be sent again."))
    session.refresh(notice)
    return notice


def may_retry(notice: Notice) -> bool:
    """Whether it was tried in vain; one that only waits for its hour is left to it."""
    waits_again = notice.state == Q and notice.attempts > 0
    given_up = notice.state in (NoticeState.FAILED, NoticeState.BOUNCED)
    return notice.address is not None and (waits_again or given_up)


def sent_lately(session: Session, address_digest: str, now: datetime) -> int:
    """How many messages one address was sent in the day before."""
    query = select(func.count()).where(
        Notice.address_digest == address_digest, Notice.sent_at > now - DAY
    )
    return session.scalar(query) or 0


def forgettable(before: datetime) -> ColumnElement[bool]:
    """What ended before then and still says to whom it went."""
    return and_(
        Notice.state.not_in((Q, S)),
        Notice.created_at < before,
        Notice.next_try < before,
        or_(Notice.address.is_not(None), Notice.address_digest != ""),
    )


def forget(session: Session, before: datetime, most: int = 500) -> int:
    """Drop the addresses and the contents of what ended before then; how many."""
    ids = session.scalars(select(Notice.id).where(forgettable(before)).limit(most)).all()
    done = update(Notice).where(Notice.id.in_(ids)).values(FORGOTTEN)
    session.execute(done.execution_options(synchronize_session=False))
    return len(ids)


def _due(channels: Collection[Channel], now: datetime) -> ColumnElement[bool]:
    begun_in_vain = and_(Notice.state == S, Notice.lease_until <= now)
    waiting = and_(Notice.state == Q, Notice.next_try <= now)
    return and_(Notice.channel.in_(channels), or_(waiting, begun_in_vain))


def _move(session: Session, notice: Notice, **values: object) -> bool:
    """From exactly the state and the try that were read."""
    return _ended(session, notice.id, notice.attempts, (NoticeState(notice.state),), **values)


def _ended(
    session: Session,
    notice_id: str,
    attempt: int,
    states: tuple[NoticeState, ...],
    **values: object,
) -> bool:
    if values["state"] is not S:
        values |= {"claimed_by": None, "lease_until": None}
    lease = values.get("lease_until")
    done = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.attempts == attempt, Notice.state.in_(states))
        .values(values)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    ).all()
    if done and lease is None:
        live.announce(session, TOPIC, 0, str(values["state"]), {})
    return bool(done)
