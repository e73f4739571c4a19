"""Which days a page looks at: a preset's name or two dates in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from turnero_core.i18n import N_

DEFAULT, CUSTOM = "month", "custom"
PRESETS: Mapping[str, str] = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "week": N_("This week"),
    "last-week": N_("Last week"),
    "month": N_("This month"),
    "last-month": N_("Last month"),
    "year": N_("This year"),
    "last-year": N_("Last year"),
    CUSTOM: N_("Other days"),
}
# More than this is taken for a slip of the finger.
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Period:
    """Local days, both included; `preset` is the name in the address."""

    first: date
    last: date
    preset: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def address(self) -> dict[str, str]:
        """What names it in an address."""
        if self.preset != CUSTOM:
            return {"period": self.preset}
        return {
            "period": CUSTOM,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
        }


def read(asked: Mapping[str, str], today: date) -> Period:
    """The period that an address asks for; the present month where it says nothing usable."""
    first, last = day(asked.get("from", "")), day(asked.get("to", ""))
    preset = asked.get("period") or (CUSTOM if first or last else DEFAULT)
    if preset == CUSTOM and (first or last):
        return custom(first or last or today, last or first or today)
    return preset_period(preset if preset in PRESETS and preset != CUSTOM else DEFAULT, today)


def custom(one: date, other: date) -> Period:
    first, last = min(one, other), max(one, other)
    return Period(max(first, last - LONGEST), last, CUSTOM)


def preset_period(name: str, today: date) -> Period:
    first, last = _bounds(name, today)
    return Period(first, last, name)


def _bounds(name: str, today: date) -> tuple[date, date]:
    if name in ("today", "yesterday"):
        there = today - timedelta(days=name == "yesterday")
        return there, there
    if name in ("week", "last-week"):
        monday = today - timedelta(days=today.weekday() + 7 * (name == "last-week"))
        return monday, monday + timedelta(days=6) if name == "last-week" else today
    if name in ("year", "last-year"):
        if name == "year":
            return date(today.year, 1, 1), today
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    if name == "last-month":
        return whole_month(yesterday(today.replace(day=1)))
    return today.replace(day=1), today


def whole_month(within: date) -> tuple[date, date]:
    """The first and the last day of the month that `within` is in."""
    first = within.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def before(period: Period) -> Period:
    """The period to compare with when none is asked for: the one of its kind before it."""
    if period.preset in ("month", "year"):
        return _same_part(period)
    if period.preset == "last-month":
        return custom(*whole_month(yesterday(period.first)))
    if period.preset == "last-year":
        year = period.first.year - 1
        return custom(date(year, 1, 1), date(year, 12, 31))
    length = timedelta(days=7 if period.preset == "week" else period.days)
    return custom(period.first - length, period.last - length)


def _same_part(period: Period) -> Period:
    """The same days of the month or year before, as far as that one has them."""
    if period.preset == "year":
        first = date(period.first.year - 1, 1, 1)
        return custom(first, first + (period.last - period.first))
    first, end = whole_month(yesterday(period.first))
    return custom(first, min(end, first + (period.last - period.first)))


def day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def month(text: str) -> date | None:
    """The first day of a month written 2026-02."""
    return day(f"{text}-01") if len(text) == 7 else None


def yesterday(when: date) -> date:
    return when - timedelta(days=1)
