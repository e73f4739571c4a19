"""Readers of the values that have a meaning of their own: codes, names, money, places, rules."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from babel.numbers import get_currency_precision

from turnero_core.i18n import LANGUAGES, N_
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.transports import transport_for
from turnero_queue.configuration import known
from turnero_queue.configuration.items import Item
from turnero_queue.configuration.values import Closure, Names

# What an INTEGER column holds on every database.
MOST_MINOR_UNITS = 2_147_483_647
MOST_PER_DAY = 100_000


@dataclass(frozen=True)
class Tongues:
    """The languages that names are written in; `main` must be there, None when unknown."""

    main: str | None
    wanted: tuple[str, ...]


def code(item: Item) -> str:
    return item.pattern(
        r"[a-z0-9][a-z0-9_-]*",
        N_("must be small letters, digits, - and _ only, such as rentas or licencia-obra"),
    )


def desk_code(item: Item) -> str:
    return item.pattern(
        r"[A-Za-z0-9][A-Za-z0-9_-]*", N_('must be letters, digits, - and _ only, such as "1" or A')
    )


def prefix(item: Item) -> str:
    return item.pattern(r"[A-Z]{1,3}", N_("must be 1 to 3 capital letters from A to Z"))


def icon(item: Item) -> str:
    name = item.pattern(r"[a-z0-9-]+", N_("must be the name of an icon, such as landmark"))
    if name and name not in known.icons():
        item.warn(N_("there is no icon %(name)s; the tile shows none"), name=name)
    return name


def colour(item: Item) -> str:
    message = N_('must be a colour such as "#005f73", in quotes')
    # Without quotes YAML takes "#…" as a comment, and the value is missing.
    if item.tagged("null"):
        item.error(message)
        return ""
    return item.pattern(r"#[0-9a-fA-F]{6}", message).lower()


def logo(item: Item) -> str:
    message = N_("must be the name of a .svg, .png, .jpg or .webp file, such as logo.svg")
    return item.pattern(
        r"[A-Za-z0-9_-][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\.(svg|png|jpg|jpeg|webp)", message, 300
    )


def one_of(values: Callable[[], frozenset[str]], otherwise: str) -> Callable[[Item], str]:
    """A reader of text that must be in a long list: it suggests, and does not list it."""

    def read(item: Item) -> str:
        text = item.text(64)
        if text and text not in values():
            item.unknown(text, sorted(values()), otherwise)
        return text

    return read


timezone = one_of(known.timezones, N_("%(text)s is not a time zone such as America/Lima"))
locale = one_of(known.locales, N_("%(text)s is not a language such as es or es_PE"))
language = one_of(known.languages, N_("%(text)s is not a language code such as es"))
currency = one_of(known.currencies, N_("%(text)s is not a currency code such as PEN"))
holidays = one_of(
    known.holiday_places, N_("%(text)s is not a country such as PE, or part of one such as BR-SP")
)


def names(tongues: Tongues, limit: int) -> Callable[[Item], Names]:
    """A reader of one text in several languages, each of at most `limit` characters."""

    def read(item: Item) -> Names:
        if not item.is_mapping:
            item.wrong(N_("must give the text for each language, such as {es: Rentas}"))
            return {}
        found = item.fields(sorted({*tongues.wanted, *LANGUAGES})).found
        if tongues.main and tongues.main not in found:
            item.error(
                N_("lacks the text in %(language)s, the municipality's language"),
                language=tongues.main,
            )
        missing = [tongue for tongue in tongues.wanted if tongue not in found]
        if missing and tongues.main in found:
            item.warn(N_("lacks the text in %(languages)s"), languages=", ".join(missing))
        return {tongue: text.text(limit) for tongue, text in found.items()}

    return read


def decimals(currency: str) -> int:
    return get_currency_precision(currency) if currency in known.currencies() else 2


def money(currency: str) -> Callable[[Item], int]:
    """A reader of an amount in quotes -> minor units of `currency`."""
    places = decimals(currency)
    example = "15" + "." * bool(places) + "0" * places

    def read(item: Item) -> int:
        text = item.text(20) if item.tagged("str") else ""
        if not re.fullmatch(r"(0|[1-9][0-9]*)" + (rf"\.[0-9]{{{places}}}" * bool(places)), text):
            item.error(
                N_('must be an amount in %(currency)s in quotes, such as "%(example)s"'),
                currency=currency,
                example=example,
            )
            return 0
        minor = int(text.replace(".", ""))
        if minor > MOST_MINOR_UNITS:
            item.error(N_("is more than can be charged"))
        return minor

    return read


def written_money(minor: int, currency: str) -> str:
    """1500 -> "15.00" in a currency with cents."""
    places = decimals(currency)
    whole, rest = divmod(minor, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


def printer_uri(item: Item) -> str:
    """The address of a printer, as turnero_hardware.transports reads it."""
    text = item.text(500)
    try:
        transport_for(text, tray=Path())
    except PrinterError:
        item.error(N_("is no printer's address: write it as tcp://192.168.1.50:9100"))
    return text


def location(item: Item) -> tuple[float | None, float | None]:
    """Where something stands on the map -> degrees north and east."""
    found = item.fields(("lat", "lon"), ("lat", "lon"))
    latitude = found.maybe("lat", partial(Item.decimal, low=-90, high=90))
    longitude = found.maybe("lon", partial(Item.decimal, low=-180, high=180))
    whole = latitude is not None and longitude is not None
    return (latitude, longitude) if whole else (None, None)


def closure(reason: Callable[[Item], Names]) -> Callable[[Item], Closure]:
    def read(item: Item) -> Closure:
        found = item.fields(("from", "to", "reason"), ("from",))
        first = found.get("from", Item.date, date(2000, 1, 1))
        last = found.get("to", Item.date, first)
        if last < first:
            item.error(N_("ends (to) before it begins (from)"))
        return Closure(first, last, found.get("reason", reason, {}))

    return read
