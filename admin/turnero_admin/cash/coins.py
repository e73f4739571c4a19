"""Coins and notes: which there are of a currency, and how many somebody counted."""

from collections.abc import Mapping
from types import MappingProxyType

from turnero_admin import amounts
from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.payments import money

#: In circulation, in whole units or as decimals, from the central banks' own lists.
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "ARS": "20000 10000 2000 1000 500 200 100 50 20 10 5 2 1",
        "BOB": "200 100 50 20 10 5 2 1 0.50 0.20 0.10",
        "BRL": "200 100 50 20 10 5 2 1 0.50 0.25 0.10 0.05",
        "CLP": "20000 10000 5000 2000 1000 500 100 50 10",
        "COP": "100000 50000 20000 10000 5000 2000 1000 500 200 100 50",
        "CRC": "20000 10000 5000 2000 1000 500 100 50 25 10 5",
        "EUR": "200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
        "GTQ": "200 100 50 20 10 5 1 0.50 0.25 0.10 0.05",
        "MXN": "1000 500 200 100 50 20 10 5 2 1 0.50",
        "PEN": "200 100 50 20 10 5 2 1 0.50 0.20 0.10",
        "PYG": "100000 50000 20000 10000 5000 2000 1000 500 100 50",
        "USD": "100 50 20 10 5 2 1 0.50 0.25 0.10 0.05 0.01",
        "UYU": "2000 1000 500 200 100 50 20 10 5 2 1",
    }
)
_ELSEWHERE = "1000 500 200 100 50 20 10 5 2 1"
OTHERS = 2
_MOST_PIECES = 6


def of(currency: str) -> list[int]:
    """The coins and notes of a currency in minor units, the largest first."""
    places = money.decimals(currency)
    found = []
    for text in _UNITS.get(currency, _ELSEWHERE).split():
        whole, _, rest = text.partition(".")
        found.append(int(whole + f"{rest:0<{places}}"[:places]))
    return found


def counted(form: Mapping[str, str], currency: str, field: str) -> tuple[int, dict[str, int]]:
    """What a form of coins or a total says, in minor units, with how many there are of each
    piece; Invalid on `field` (or on the row that is wrong) when it says nothing or two things."""
    pieces = _pieces(form, currency)
    total = form.get(field, "").strip()
    if not pieces and not total:
        message = gettext(N_("Write how many there are of each, or the total."))
        raise Invalid(errors={field: [message]})
    added = sum(int(value) * many for value, many in pieces.items())
    if not total:
        return added, pieces
    said = amounts.typed(total, currency, field, zero=True)
    if pieces and said != added:
        message = gettext(N_("The coins and notes do not add up to this total."))
        raise Invalid(errors={field: [message]})
    return said, pieces


def _pieces(form: Mapping[str, str], currency: str) -> dict[str, int]:
    pieces: dict[str, int] = {}
    for minor in of(currency):
        many = _many(form.get(f"piece-{minor}", ""), f"piece-{minor}")
        if many:
            pieces[str(minor)] = many
    for row in range(1, OTHERS + 1):
        many = _many(form.get(f"other-many-{row}", ""), f"other-many-{row}")
        if many:
            name = f"other-value-{row}"
            value = str(amounts.typed(form.get(name, ""), currency, name))
            pieces[value] = pieces.get(value, 0) + many
    return pieces


def _many(text: str, field: str) -> int:
    text = text.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_PIECES:
        raise Invalid(errors={field: [gettext(N_("Write a whole number."))]})
    return int(text)
