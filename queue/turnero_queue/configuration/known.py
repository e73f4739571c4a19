"""The lists that values are checked against, from the libraries that keep them."""

import re
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

import holidays
from babel import Locale
from babel.localedata import locale_identifiers
from babel.numbers import list_currencies

import turnero_core
from turnero_core.i18n import LANGUAGES

# The columns that hold them are this wide.
LONGEST_LANGUAGE = 8


@cache
def timezones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def locales() -> frozenset[str]:
    """Locales whose numbers and dates can be written, such as es or es_PE."""
    return frozenset(code for code in locale_identifiers() if len(code) <= LONGEST_LANGUAGE)


@cache
def languages() -> frozenset[str]:
    codes = {str(code) for code in Locale("en").languages} | set(LANGUAGES)
    return frozenset(code for code in codes if len(code) <= LONGEST_LANGUAGE)


@cache
def currencies() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def holiday_places() -> frozenset[str]:
    """Countries (PE) and their subdivisions (BR-SP) whose public holidays are known."""
    countries = holidays.list_supported_countries(include_aliases=False)
    return frozenset(countries) | {
        f"{country}-{part}" for country, parts in countries.items() for part in parts
    }


@cache
def icons() -> frozenset[str]:
    sprite = Path(turnero_core.__file__).parent / "static" / "icons.svg"
    return frozenset(re.findall(r'<symbol[^>]* id="([a-z0-9-]+)"', sprite.read_text("utf-8")))
