"""When a message must not disturb, and when it comes too late to be of use."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from turnero_queue.notices import kinds
from turnero_queue.rules import quiet_hours

# Who has just asked for something is awake, and who looks after the devices is on duty.
ANSWERS = (kinds.CONFIRMED, kinds.RECEIPT, kinds.DEVICE_ALERT)
# News of a changed or cancelled hour that would come less than this before it does not wait.
IN_TIME = timedelta(hours=1)


def quiet_until(hours: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours (22:00-07:00) end that `now` falls into; None outside of them."""
    span = quiet_hours(hours)
    if span is None:
        return None
    local = now.astimezone(zone)
    begins, ends = span
    if not _within(local.time(), begins, ends):
        return None
    tomorrow = begins > ends and local.time() >= begins
    day = local.date() + timedelta(days=1) if tomorrow else local.date()
    # In UTC from here: the night that the clocks change is as long as it is.
    return datetime.combine(day, ends, zone).astimezone(now.tzinfo)


def may_wait(kind: str, data: kinds.NoticeData, until: datetime) -> bool:
    """Whether this message is put off to the end of the quiet hours."""
    if kind in ANSWERS:
        return False
    if kind in (kinds.CHANGED, kinds.CANCELLED) and isinstance(data, kinds.AppointmentData):
        hours = [kinds.at(text) for text in (data.start, data.previous_start) if text]
        return until + IN_TIME <= min(hours)
    return True


def too_late(kind: str, data: kinds.NoticeData, now: datetime) -> bool:
    """A reminder of an hour that has come, an offer that has run out."""
    if kind == kinds.REMINDER and isinstance(data, kinds.AppointmentData):
        return kinds.at(data.start) <= now
    if isinstance(data, kinds.SeatOfferedData):
        return kinds.at(data.answer_by) <= now
    return False


def _within(now: time, begins: time, ends: time) -> bool:
    if begins < ends:
        return begins <= now < ends
    return now >= begins or now < ends
