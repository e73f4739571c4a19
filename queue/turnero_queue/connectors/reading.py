"""From what a system answers to debts: each field by its configured name, and nothing believed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from babel.numbers import get_currency_precision

from turnero_core.i18n import N_
from turnero_queue.connectors.debt import Debt, NonsenseAnswer
from turnero_queue.payments.money import MOST_MINOR

FIELDS = ("key", "description", "period", "due", "amount", "currency", "payable")
REQUIRED = ("key", "description", "amount")
MOST_DEBTS = 200

_LONGEST = {"key": 100, "description": 200, "period": 40, "currency": 3}
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_YES, _NO = ("true", "t", "yes", "y", "si", "sí", "s", "1"), ("false", "f", "no", "n", "0")


@dataclass(frozen=True)
class Reading:
    """`fields` says where each of `FIELDS` is (`a.b` is the key b inside a); `amounts` whether
    15 means fifteen pesos (decimal) or fifteen cents (minor)."""

    fields: Mapping[str, str]
    currency: str
    amounts: Literal["decimal", "minor"] = "decimal"


def debts(rows: Sequence[Any], reading: Reading) -> list[Debt]:
    """Every row as a debt; `NonsenseAnswer` when one of them cannot be."""
    if len(rows) > MOST_DEBTS:
        raise NonsenseAnswer(N_("%(count)s debts in one answer"), count=len(rows))
    found = [debt(row, reading) for row in rows]
    if len({one.key for one in found}) < len(found):
        raise NonsenseAnswer(N_("two debts have the same key"))
    return found


def debt(row: Any, reading: Reading) -> Debt:
    """One row as a debt."""
    if not isinstance(row, Mapping):
        raise NonsenseAnswer(N_("a debt is not a group of named values"))
    found = {name: at(row, path) for name, path in reading.fields.items()}
    currency = _text(found.get("currency"), "currency") or reading.currency
    if currency != reading.currency:
        raise NonsenseAnswer(
            N_("an amount in %(found)s where %(wanted)s is used"),
            found=repr(currency),
            wanted=reading.currency,
        )
    return Debt(
        key=_needed(found, "key"),
        description=_needed(found, "description"),
        period=_text(found.get("period"), "period"),
        due=_date(found.get("due")),
        amount_minor=_amount(found.get("amount"), reading),
        currency=currency,
        payable=_payable(found.get("payable")),
    )


def at(value: Any, path: str) -> Any:
    """What stands at `path` inside nested mappings; None where there is nothing."""
    for key in filter(None, path.split(".")):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _needed(found: Mapping[str, Any], name: str) -> str:
    text = _text(found.get(name), name)
    if not text:
        raise NonsenseAnswer(N_("a debt without %(name)s"), name=name)
    return text


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise NonsenseAnswer(N_("%(name)s is neither text nor a whole number"), name=name)
    text = " ".join(str(value).split())
    if len(text) > _LONGEST[name] or any(unicodedata.category(sign)[0] == "C" for sign in text):
        raise NonsenseAnswer(
            N_("%(name)s is too long or holds signs that cannot be shown"), name=name
        )
    return text


def _date(value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise NonsenseAnswer(N_("a due date that is no date like 2026-03-31")) from None


def _amount(value: Any, reading: Reading) -> int:
    """In minor units; a fraction of the smallest coin is refused, never rounded."""
    if isinstance(value, str):
        value = value.strip()
        if not _PLAIN.fullmatch(value):
            raise NonsenseAnswer(N_("an amount that is no plain number above zero"))
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise NonsenseAnswer(N_("an amount that is no number"))
    try:
        amount = Decimal(repr(value) if isinstance(value, float) else value)
        places = get_currency_precision(reading.currency) if reading.amounts == "decimal" else 0
        minor = amount.scaleb(places)
        whole = minor == minor.to_integral_value()
    except InvalidOperation:
        raise NonsenseAnswer(N_("an amount that is no number")) from None
    if not whole or not 0 < minor <= MOST_MINOR:
        raise NonsenseAnswer(
            N_("an amount that nobody can pay: zero, less, too much or a fraction")
        )
    return int(minor)


def _payable(value: Any) -> bool:
    if value is None or value == "":
        return True
    text = str(value).strip().lower()
    if text not in _YES + _NO:
        raise NonsenseAnswer(N_("payable is neither yes nor no"))
    return text in _YES
