"""The only source of now. Times are aware datetimes in UTC everywhere inside Turnero."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The calendar date at `at` for somebody living in `zone`."""
    return at.astimezone(zone).date()


def next_midnight(at: datetime, zone: ZoneInfo) -> datetime:
    """The end of the calendar day of `at` in `zone`, in UTC."""
    tomorrow = local_date(at, zone) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC)


def rfc3339(at: datetime) -> str:
    """`at` as RFC 3339 in UTC with milliseconds, such as 2026-03-02T14:05:00.000Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
