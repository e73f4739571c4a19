"""When an office is open: weekly hours, holidays of its country, closures; in its own zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import holidays

from turnero_core.i18n import N_, gettext, pick

if TYPE_CHECKING:
    from turnero_queue.catalogue import Office

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 60
WEEKDAY_NAMES = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


@dataclass(frozen=True)
class Span:
    """An opening, both ends aware datetimes in the office's zone; the end is not included."""

    start: datetime
    end: datetime


def minutes_of_day(span: str) -> tuple[int, int]:
    """("08:00-13:30") -> (480, 810); "24:00" ends a day. ValueError says what is wrong."""
    first, dash, last = span.partition("-")
    if not dash:
        raise ValueError(f"{span!r} is not an interval such as 08:00-13:00")
    start, end = _minutes(first), _minutes(last)
    if start >= end:
        raise ValueError(f"{span!r} ends before it begins")
    return start, end


def written(span: tuple[int, int]) -> str:
    """(480, 810) -> "08:00-13:30"."""
    return "-".join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in span)


def _minutes(text: str) -> int:
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        raise ValueError(f"{text!r} is not a time such as 08:00")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise ValueError(f"{text!r} is not a time of the day")
    return total


def closed_reason(office: "Office", day: date) -> str | None:
    """Why the office does not open at all on `day`, in the reader's language; None if it does."""
    for closure in office.closures:
        if closure.first <= day <= closure.last:
            return pick(closure.reason) or gettext(N_("Closed"))
    if office.holidays and (holiday := _holiday(office.holidays, day)):
        return holiday
    if not office.hours.get(WEEKDAYS[day.weekday()]):
        return gettext(N_("The office does not open on this day of the week."))
    return None


def spans(office: "Office", day: date) -> list[Span]:
    """The openings of `day`, in order; empty when it is closed."""
    if closed_reason(office, day) is not None:
        return []
    return [
        Span(_wall(office, day, start), _wall(office, day, end))
        for start, end in sorted(office.hours[WEEKDAYS[day.weekday()]])
    ]


def open_span(office: "Office", at: datetime) -> Span | None:
    """The opening that `at` falls in, if any."""
    day = at.astimezone(office.zone).date()
    return next((span for span in spans(office, day) if span.start <= at < span.end), None)


def next_opening(office: "Office", at: datetime) -> datetime | None:
    """When the office next opens after `at`, within 60 days; None when it does not."""
    return next((span.start for span in _coming(office, at) if span.start > at), None)


def _coming(office: "Office", at: datetime) -> Iterator[Span]:
    today = at.astimezone(office.zone).date()
    for days in range(LOOK_AHEAD_DAYS):
        yield from spans(office, today + timedelta(days=days))


def _wall(office: "Office", day: date, minutes: int) -> datetime:
    # A wall-clock time that a daylight-saving change skips becomes the same instant an hour on,
    # through UTC, so that comparisons with other instants are right on such days too.
    days, rest = divmod(minutes, 24 * 60)
    clock = time(rest // 60, rest % 60)
    local = datetime.combine(day + timedelta(days=days), clock, tzinfo=office.zone)
    return local.astimezone(UTC).astimezone(office.zone)


@lru_cache(maxsize=64)
def _calendar(place: str, year: int) -> holidays.HolidayBase:
    country, _, subdivision = place.partition("-")
    return holidays.country_holidays(country, subdiv=subdivision or None, years=year)


def holidays_of(place: str, year: int) -> list[tuple[date, str]]:
    """The public holidays of a country (PE), or of a part of one (BR-SP), in a year."""
    return sorted(_calendar(place, year).items())


def _holiday(place: str, day: date) -> str | None:
    name: str | None = _calendar(place, day.year).get(day)
    return name
