"""Figures as the reader writes them: counts, times, shares, days; and "no data" said honestly."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_datetime,
    format_interval,
    format_skeleton,
    get_day_names,
)
from babel.numbers import format_decimal, format_percent

from turnero_core.i18n import N_, current_language, gettext, ngettext

#: What stands where there is nothing to count.
NOTHING = "–"


class Writer:
    """Writes figures in the language being read, the municipality's way where it is the same one.

    "1.234,5" or "1,234.5" is a matter of the country: a city whose locale is es_MX reads the
    second in Spanish.
    """

    def __init__(self, municipality_locale: str) -> None:
        language = current_language()
        local = municipality_locale.replace("-", "_")
        try:
            self.locale = Locale.parse(local if local.split("_")[0] == language else language)
        except (UnknownLocaleError, ValueError):
            self.locale = Locale.parse(language)
        self._written: dict[str, Callable[[Any], str]] = {}
        self._by_kind: dict[str, Callable[[Any], str]] = {
            "text": lambda value: NOTHING if value is None else str(value),
            "count": self.count,
            "decimal": self.decimal,
            "share": self.share,
            "minutes": self.minutes,
            "hours": self.hours,
            "moment": self.moment,
        }

    def count(self, value: float | None) -> str:
        return NOTHING if value is None else str(format_decimal(round(value), locale=self.locale))

    def decimal(self, value: float | None) -> str:
        if value is None:
            return NOTHING
        return str(format_decimal(value, format="#,##0.0", locale=self.locale))

    def share(self, value: float | None) -> str:
        """`value` from 0 to 1; a share that is not whole is never written as 0 % or 100 %."""
        if value is None:
            return NOTHING
        exact = value in (0, 1) or round(value, 2) not in (0, 1)
        value = value if exact else min(max(value, 0.001), value if value > 1 else 0.999)
        wanted = "#,##0 %" if exact else "#,##0.0 %"
        return str(format_percent(value, format=wanted.replace(" ", "\u00a0"), locale=self.locale))

    def minutes(self, value: float | None) -> str:
        """Whole minutes begun from zero: "under 1 min", "12 min", "1 h 05 min"."""
        if value is None:
            return NOTHING
        whole = int(value)
        if whole < 1:
            return gettext(N_("under 1 min"))
        if whole < 60:
            return gettext(N_("%(minutes)s min"), minutes=whole)
        if whole % 60 == 0:
            return ngettext("%(n)s hour", "%(n)s hours", whole // 60)
        return gettext(
            N_("%(hours)s h %(minutes)s min"), hours=whole // 60, minutes=f"{whole % 60:02}"
        )

    def hours(self, seconds: float | None) -> str:
        """A long time as hours with one decimal, such as what desks were open in a month."""
        if seconds is None:
            return NOTHING
        return gettext(N_("%(hours)s hours"), hours=self.decimal(seconds / 3600))

    def day(self, value: date, *, year: bool = True) -> str:
        return str(format_skeleton("yMMMd" if year else "MMMd", _noon(value), locale=self.locale))

    def month(self, value: date) -> str:
        return str(format_date(value, "MMMM y", locale=self.locale))

    def month_short(self, value: date) -> str:
        return str(format_date(value, "MMM yy", locale=self.locale))

    def moment(self, value: datetime) -> str:
        return str(format_datetime(value, "short", locale=self.locale))

    def days(self, first: date, last: date) -> str:
        """A period, with each part said once where the language does so: "1–28 feb 2026"."""
        if first == last:
            return str(format_date(first, "full", locale=self.locale))
        return str(format_interval(first, last, "yMMMd", locale=self.locale))

    def weekday(self, number: int, *, short: bool = False) -> str:
        """0 is Monday."""
        names = get_day_names("abbreviated" if short else "wide", "stand-alone", self.locale)
        return str(names[number]).capitalize()

    def by_kind(self, kind: str) -> Callable[[Any], str]:
        """How a column of that kind is written; what was written once is kept, for long tables."""
        if kind not in self._written:
            self._written[kind] = cache(self._by_kind[kind])
        return self._written[kind]


def _noon(value: date) -> datetime:
    return datetime.combine(value, time(12))
