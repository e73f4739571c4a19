"""Numbers, money and hours as people say them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, get_currency_precision

from turnero_core import clock
from turnero_core.i18n import (
    LANGUAGES,
    N_,
    current_language,
    gettext,
    language_of,
    ngettext,
    pick,
    speaking,
)
from turnero_queue import slips
from turnero_queue.catalogue import Catalogue, Office
from turnero_queue.estimate import Wait
from turnero_queue.opening import Span
from turnero_queue.supervision import pauses
from turnero_queue.supervision.pauses import ServicePaused

# The day of a change to summer time is an hour short.
DAY = timedelta(hours=23)


def in_language(names: Mapping[str, str]) -> str:
    return pick(names)


def languages(catalogue: Catalogue) -> list[tuple[str, str]]:
    """The languages a person may choose, the municipality's own first, by their own names."""
    main = main_language(catalogue)
    codes = [main, *(code for code in catalogue.languages if code in LANGUAGES and code != main)]
    return [(code, str(Locale(code).get_display_name(code)).capitalize()) for code in codes]


@dataclass(frozen=True)
class Way:
    """A language to begin in, in its own words."""

    code: str
    name: str
    welcome: str
    invitation: str
    expected: str
    paying: str


def ways_in(catalogue: Catalogue, open_now: bool) -> list[Way]:
    """A way to begin for each language, promising a turn only while the office is open."""
    take, look = N_("Touch here to take your turn"), N_("Touch here to see what to bring")
    ways = []
    for code, name in languages(catalogue):
        with speaking(code):
            words = (
                N_("Welcome"),
                take if open_now else look,
                N_("I have an appointment"),
                N_("Pay or get a certificate"),
            )
            ways.append(Way(code, name, *map(gettext, words)))
    return ways


def main_language(catalogue: Catalogue) -> str:
    return language_of(catalogue.locale)


def money(minor: int | None, catalogue: Catalogue) -> str:
    """An amount as it is written in the municipality's country, or that there is none to pay."""
    if not minor:
        return gettext(N_("Free of charge"))
    amount = Decimal(minor).scaleb(-get_currency_precision(catalogue.currency))
    return str(format_currency(amount, catalogue.currency, locale=_local(catalogue)))


def minutes(wait: Wait) -> str:
    return slips.minutes(wait)


def ahead(wait: Wait) -> str:
    if wait.people_ahead == 0:
        return gettext(N_("Nobody ahead of you"))
    return ngettext("%(n)s person ahead of you", "%(n)s people ahead of you", wait.people_ahead)


def hour(at: datetime, office: Office) -> str:
    """The time on the office's wall, such as 8:00."""
    return str(format_time(at, "H:mm", tzinfo=office.zone, locale="en"))


def closing(span: Span, office: Office) -> str:
    """The hour at which an opening ends; empty for an office that never closes."""
    return "" if span.end - span.start >= DAY else hour(span.end, office)


def opening(at: datetime, now: datetime, office: Office) -> str:
    """When an office opens next, as one says it: “It opens today at 14:00.”"""
    local, today = at.astimezone(office.zone), now.astimezone(office.zone).date()
    time = hour(at, office)
    days = (local.date() - today).days
    if days == 0:
        return gettext(N_("It opens today at %(time)s."), time=time)
    if days == 1:
        return gettext(N_("It opens tomorrow at %(time)s."), time=time)
    language = current_language()
    weekday = format_date(local.date(), "EEEE", locale=language)
    if days < 7:
        return gettext(N_("It opens on %(weekday)s at %(time)s."), weekday=weekday, time=time)
    date = format_skeleton("MMMMd", local, tzinfo=office.zone, locale=language)
    return gettext(
        N_("It opens on %(weekday)s, %(date)s, at %(time)s."),
        weekday=weekday,
        date=date,
        time=time,
    )


def _local(catalogue: Catalogue) -> Locale:
    """The municipality's language as its country writes it, as far as Babel knows."""
    language = main_language(catalogue)
    country = get_global("zone_territories").get(catalogue.timezone)
    try:
        return Locale(language, country)
    except UnknownLocaleError:
        return Locale(language)


def paused(refusal: ServicePaused, office: Office) -> str:
    """When a paused service gives turns again, in a few words."""
    return pauses.in_short(refusal.until, office.zone, clock.now())


def day(when: date) -> str:
    """A date as people write it."""
    return str(format_date(when, "long", locale=current_language()))
