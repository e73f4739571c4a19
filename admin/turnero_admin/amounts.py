"""Amounts as people type them, and as they read them."""

import re
from collections.abc import Callable

from turnero_core.errors import Invalid
from turnero_core.i18n import N_, gettext
from turnero_queue.api.edge import Unit
from turnero_queue.payments import money

_GROUPED = re.compile(r"[0-9]{1,3}([.,][0-9]{3})+")


def typed(text: str, currency: str, field: str, *, zero: bool = False) -> int:
    """ "20", "20,5", "1.250,00" or "1 250.00" in minor units; Invalid on `field` for what is no
    amount, or could be read in two ways."""
    plain = _plain("".join(text.split()), money.decimals(currency))
    if not plain:
        raise Invalid(errors={field: [gettext(N_("Write an amount."))]})
    if zero and re.fullmatch(r"0+(\.0+)?", plain):
        return 0
    return money.parse(plain, currency, field)


def writer(unit: Unit) -> Callable[[int], str]:
    """Writes money as it is written in the municipality, in whatever language one reads."""
    currency, locale = unit.catalogue.currency, unit.catalogue.locale
    return lambda minor: money.written(minor, currency, locale)


def _plain(text: str, places: int) -> str:
    if places == 0 and _GROUPED.fullmatch(text):
        return re.sub(r"[.,]", "", text)
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text + ("." + "0" * places) * bool(places) if text else ""
    whole, decimals = text[:last], text[last + 1 :]
    if re.search(r"[.,]", whole):
        if not _GROUPED.fullmatch(whole) or text[last] in whole:
            return text
        whole = re.sub(r"[.,]", "", whole)
    return f"{whole or '0'}.{decimals:0<{places}}" if places else text
