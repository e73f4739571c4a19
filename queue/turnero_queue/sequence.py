"""The order in which an office's changes happen: a lock, a number and a time for each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Base
from turnero_core.errors import Unavailable
from turnero_core.i18n import N_
from turnero_queue.models import OfficeSequence

# A clock set right by the network may step back this much; the office's time then stands still.
STEP_BACK = timedelta(minutes=2)
# Statements of every request are built once: building one costs more than running it.
# They name the table, not the class: nothing of it is an object worth remembering.
_SEQUENCE = Base.metadata.tables[OfficeSequence.__tablename__]
_OWN = _SEQUENCE.c.office_id == bindparam("office")
_HOLD = select(_SEQUENCE.c.seq, _SEQUENCE.c.last_at).where(_OWN).with_for_update()
_LAST = select(_SEQUENCE.c.seq).where(_OWN)
_ADVANCE = update(_SEQUENCE).where(_OWN).values(seq=bindparam("number"), last_at=bindparam("at"))


@dataclass
class Moment:
    """An office held by this transaction: `at` never goes back, `seq` is the last one used."""

    office_id: str
    at: datetime
    seq: int


def hold(session: Session, office_id: str, now: datetime) -> Moment:
    """Hold the office until the transaction ends, so that its changes come one after another.

    Raises Unavailable `clock-behind` when the machine's clock has gone back for good.
    """
    row = session.execute(_HOLD, {"office": office_id}).one()
    if row.last_at is None or row.last_at <= now:
        return Moment(office_id, now, row.seq)
    if row.last_at - now > STEP_BACK:
        raise clock_behind(now, row.last_at)
    return Moment(office_id, row.last_at, row.seq)


def next_seq(session: Session, moment: Moment) -> int:
    """Take the next number of the office held by `moment`."""
    moment.seq += 1
    session.execute(_ADVANCE, {"office": moment.office_id, "number": moment.seq, "at": moment.at})
    return moment.seq


def last_seq(session: Session, office_id: str) -> int:
    return session.scalar(_LAST, {"office": office_id}) or 0


def clock_problem(session: Session, now: datetime) -> Unavailable | None:
    """The refusal that a server with this clock would give; None when the clock is sane."""
    latest = session.scalar(select(func.max(OfficeSequence.last_at)))
    if latest is None or latest - now <= STEP_BACK:
        return None
    return clock_behind(now, latest)


def accept_clock(session: Session, now: datetime) -> None:
    """Go on from the machine's present time after an administrator has checked it."""
    session.execute(update(OfficeSequence).where(OfficeSequence.last_at > now).values(last_at=now))


def clock_behind(now: datetime, latest: datetime) -> Unavailable:
    return Unavailable(
        N_(
            "The server's clock says %(now)s, but turns were recorded at %(latest)s. "
            "Set the clock; if it is right, run “turnero doctor --accept-clock”."
        ),
        slug="clock-behind",
        title=N_("The server's clock is wrong"),
        now=clock.rfc3339(now),
        latest=clock.rfc3339(latest),
    )
