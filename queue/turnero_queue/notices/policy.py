"""Whether a message that is due goes now, later, or not at all."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from turnero_core.i18n import N_
from turnero_queue.models.catalogue import Municipality, Office
from turnero_queue.models.notices import Notice, NoticeState
from turnero_queue.notices import due, kinds
from turnero_queue.notices.quiet import may_wait, quiet_until, too_late
from turnero_queue.rules import Rules, merged

NEVER_ENDS = N_("None of the tries to send it came to an end.")
TOO_LATE = N_("It would have come too late.")
TOO_MANY = N_("This address was sent the most messages that it may have in a day.")


class Verdict(NamedTuple):
    """It goes now unless it is put off (`until`) or ended (`end`, `why`)."""

    until: datetime | None = None
    end: NoticeState | None = None
    why: str = ""


def rules_of(municipality: Municipality, office: Office | None) -> Rules:
    return merged(municipality.rules, office.rules if office else {})


def judge(
    session: Session,
    notice: Notice,
    data: kinds.NoticeData,
    municipality: Municipality,
    office: Office | None,
    now: datetime,
) -> Verdict:
    if notice.state == NoticeState.SENDING and notice.attempts >= due.MOST_ATTEMPTS:
        # Every try ended the process that made it: a next one would too.
        return Verdict(end=NoticeState.FAILED, why=NEVER_ENDS)
    if too_late(notice.kind, data, now):
        return Verdict(end=NoticeState.WITHDRAWN, why=TOO_LATE)
    rules = rules_of(municipality, office)
    zone = ZoneInfo((office and office.timezone) or municipality.timezone)
    until = quiet_until(rules.notices_quiet_hours, zone, now)
    if until and may_wait(notice.kind, data, until):
        return Verdict(until=until)
    # Whoever looks after the devices is told of each.
    most = 0 if notice.kind == kinds.DEVICE_ALERT else rules.notices_daily_limit
    if most and due.sent_lately(session, notice.address_digest, now) >= most:
        return Verdict(end=NoticeState.FAILED, why=TOO_MANY)
    return Verdict()


def forget_old(session: Session, now: datetime) -> int:
    """Forget the addresses and contents of messages that nobody needs any more."""
    municipality = session.get(Municipality, 1)
    days = rules_of(municipality, None).notices_forget_days if municipality else 0
    return due.forget(session, now - timedelta(days=days)) if days else 0
