"""The machine-readable zone of cards: three lines of thirty (ICAO Doc 9303 part 5, TD1).

Read from Argentina's, Peru's and Colombia's cards. Colombia's number is the optional data of the
second line, for the document number of the first is the card's (github.com/Eitol/
colombian_cedula_mrz_reader); elsewhere it is the document number.
"""

from __future__ import annotations

import re
from datetime import date

from turnero_core import clock
from turnero_hardware.scanning import fields
from turnero_hardware.scanning.values import IdentityDocument, Refusal, Why

_COUNTRIES = {"ARG": "AR", "PER": "PE", "COL": "CO"}
_BEGIN = re.compile(r"[IAC][A-Z<](ARG|PER|COL)")
_WEIGHTS = (7, 3, 1)
_LENGTH = 90


def read(text: str) -> IdentityDocument | Refusal | None:
    """None when this is no such zone at all."""
    # A reader with another layout writes `;` for `<`.
    zone = re.sub(r"\s", "", text).replace(";", "<").upper()
    if not _BEGIN.match(zone):
        return None
    if len(zone) != _LENGTH or not re.fullmatch(r"[A-Z0-9<]+", zone):
        return Refusal(Why.GARBLED)
    return _document(zone[:30], zone[30:60], zone[60:]) or Refusal(Why.GARBLED)


def _document(first: str, second: str, third: str) -> IdentityDocument | None:
    country = _COUNTRIES[first[2:5]]
    if not (
        _checks(first[5:14], first[14])
        and _checks(second[:6], second[6])
        and _checks(first[5:] + second[:7] + second[8:15] + second[18:29], second[29])
    ):
        return None
    number = (second[18:29] if country == "CO" else first[5:14]).replace("<", "")
    family, _, given = third.partition("<<")
    names = fields.name(family.replace("<", " ")), fields.name(given.replace("<", " "))
    birth_date = _birth(second[:6])
    if not number.isdecimal() or not birth_date or not names[0] or not names[1]:
        return None
    sex = fields.sex(second[7])
    return IdentityDocument(country, number, names[0], names[1], birth_date, sex)


def _checks(text: str, digit: str) -> bool:
    total = sum(_value(sign) * _WEIGHTS[place % 3] for place, sign in enumerate(text))
    return str(total % 10) == digit


def _value(sign: str) -> int:
    return 0 if sign == "<" else int(sign, 36)


def _birth(text: str) -> date | None:
    year = int(text[:2]) if text.isdecimal() else -1
    if year < 0:
        return None
    century = 2000 if year <= clock.now().year % 100 else 1900
    return fields.birth(str(century + year), text[2:4], text[4:])
