"""Amounts: whole minor units (cents, or whatever the currency has) with the currency's code."""

import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision, list_currencies

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext

# Ten thousand million with two decimals: more than a city charges anybody at once.
MOST_MINOR = 999_999_999_999
ROUNDING = MappingProxyType(
    {
        "nearest": ROUND_HALF_UP,
        "half_down": ROUND_HALF_DOWN,
        "down": ROUND_FLOOR,
        "up": ROUND_CEILING,
    }
)


@cache
def decimals(currency: str) -> int:
    """How many decimals a currency has: 0 (PYG, CLP), 2 (PEN) or 3 (KWD). ValueError if unknown."""
    if currency not in list_currencies():
        raise ValueError(f"{currency} is not a currency")
    return get_currency_precision(currency)


def parse(text: object, currency: str, field: str = "amount") -> int:
    """ "15.00" -> 1500: an amount above zero as the API writes it, else Invalid on `field`."""
    places = decimals(currency)
    pattern = r"(0|[1-9][0-9]{0,14})" + (rf"\.[0-9]{{{places}}}" * bool(places))
    if not isinstance(text, str) or not re.fullmatch(pattern, text, re.ASCII):
        _refuse(field, _malformed(text, places, currency), currency, places)
    minor = int(str(text).replace(".", ""))
    if not minor:
        _refuse(field, N_("Nothing can be charged for nothing: give more than zero."))
    if minor > MOST_MINOR:
        _refuse(field, N_("This is more than can be charged at once."))
    return minor


def plain(minor: int, currency: str) -> str:
    """1500 -> "15.00", as the API and files write it."""
    places = decimals(currency)
    sign, digits = "-" * (minor < 0), f"{abs(minor):0{places + 1}d}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def describe(minor: int, currency: str) -> dict[str, str]:
    """The API's money."""
    return {"amount": plain(minor, currency), "currency": currency}


def written(minor: int, currency: str, locale: str) -> str:
    """An amount as people of `locale` (es, es_PE, pt-BR) read it: "S/ 15.00"."""
    amount = Decimal(minor).scaleb(-decimals(currency))
    return str(format_currency(amount, currency, locale=_locale(locale)))


def rounded_for_cash(minor: int, step: int, mode: str) -> int:
    """`minor` in coins that exist: a multiple of `step` minor units, by a mode of ROUNDING."""
    if step <= 1:
        return minor
    steps = (Decimal(minor) / step).quantize(Decimal(1), rounding=ROUNDING[mode])
    return int(steps) * step


def from_decimal(value: Decimal, currency: str, field: str = "amount") -> int:
    """An amount from elsewhere as minor units; Invalid when it cannot be charged exactly."""
    places = decimals(currency)
    if not value.is_finite():
        _refuse(field, N_("This is not an amount."))
    minor = value.scaleb(places)
    if minor != minor.to_integral_value():
        _refuse(field, N_("%(currency)s has %(places)s decimals."), currency, places)
    return parse(plain(int(minor), currency), currency, field)


def same_currency(currency: str, expected: str, field: str = "currency") -> None:
    """Invalid when a currency is not the municipality's."""
    if currency != expected:
        message = gettext(N_("Amounts here are in %(currency)s."), currency=expected)
        raise Invalid(errors={field: [message]})


def _malformed(text: object, places: int, currency: str) -> str:
    if not isinstance(text, str):
        return N_('Write the amount in quotes, such as "%(example)s".')
    if re.fullmatch(r"-[0-9]+(\.[0-9]+)?", text, re.ASCII):
        return N_("An amount cannot be negative.")
    more = re.fullmatch(r"[0-9]+\.([0-9]+)", text, re.ASCII)
    if more and len(more[1]) > places:
        return N_("%(currency)s has %(places)s decimals.")
    if re.fullmatch(r"[0-9]{16,}(\.[0-9]+)?", text, re.ASCII):
        return N_("This is more than can be charged at once.")
    return N_('Write the amount like "%(example)s".')


def _refuse(field: str, message: str, currency: str = "", places: int = 0) -> None:
    example = "15" + ("." + "0" * places) * bool(places)
    text = gettext(message, currency=currency, places=places, example=example)
    raise Invalid(errors={field: [text]})


@cache
def _locale(code: str) -> Locale:
    for attempt in _attempts(code):
        try:
            return attempt()
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("es")


def _attempts(code: str) -> tuple[Callable[[], Locale], ...]:
    normal = code.replace("-", "_")
    return (lambda: Locale.parse(normal), lambda: Locale.parse(normal.split("_")[0]))
