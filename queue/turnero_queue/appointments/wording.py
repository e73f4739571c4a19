"""Days and hours as people say them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from turnero_core.i18n import N_, current_language, gettext
from turnero_queue.catalogue import Office

# Translators: how a day is written, in the letters of CLDR date patterns.
LONG_DAY = N_("EEEE d MMMM")
SHORT_DAY = N_("EEE d MMM")


def day_name(day: date, today: date) -> str:
    """“Tomorrow, Tuesday 3 March”."""
    full = str(format_date(day, gettext(LONG_DAY), locale=current_language()))
    if day == today:
        return gettext(N_("Today, %(day)s"), day=full)
    if day == today + timedelta(days=1):
        return gettext(N_("Tomorrow, %(day)s"), day=full)
    return full[:1].upper() + full[1:]


def short_day(day: date) -> str:
    """“Tue 3 Mar”."""
    text = str(format_date(day, gettext(SHORT_DAY), locale=current_language()))
    return text[:1].upper() + text[1:]


def clock_of(at: datetime, office: Office) -> str:
    """“9:05”, on the office's clock."""
    return hour_in(at, office.zone)


def hour_in(at: datetime, zone: ZoneInfo) -> str:
    return str(format_time(at, "H:mm", tzinfo=zone, locale="en"))
