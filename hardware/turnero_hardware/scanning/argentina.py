"""Argentina's DNI, its PDF417 of fields between `@`.

Cards since 2012: trámite@apellido@nombres@sexo@número@ejemplar@nacimiento@emisión[@CUIL digits].
Cards of 2009 to 2012 begin with an `@`: @número@ejemplar@1@apellido@nombres@nacionalidad@
nacimiento@sexo@emisión@trámite@…  Dates are dd/mm/yyyy. RENAPER publishes no description; both
layouts are as read from cards by the health network of Neuquén (github.com/andes/app,
src/app/components/paciente/documento-escaneado.const.ts).
"""

from __future__ import annotations

import re

from turnero_hardware.scanning import fields
from turnero_hardware.scanning.values import IdentityDocument, Refusal, Why

# Their places: number, family names, given names, birth, sex.
_NEW = (4, 1, 2, 6, 3)
_OLD = (1, 4, 5, 7, 8)
_FEWEST = 8
_NUMBER = re.compile(r"[MF]?([0-9]{6,9})")
# The slash is a dash when a reader of one layout types on a machine of another.
_DATE = re.compile(r"([0-9]{2})[/\-]([0-9]{2})[/\-]([0-9]{4})")


def read(text: str) -> IdentityDocument | Refusal | None:
    """None when this is no such code at all."""
    parts = [part.strip() for part in re.split(r'[@"]', text)]
    if len(parts) < _FEWEST:
        return Refusal(Why.GARBLED) if _begun(parts) else None
    if re.fullmatch(r"[0-9]{9,13}", parts[0]):
        return _document(parts, _NEW)
    if not parts[0] and _NUMBER.fullmatch(parts[1]) and len(parts) > max(_OLD):
        return _document(parts, _OLD)
    return None


def _begun(parts: list[str]) -> bool:
    """The beginning of one, cut off."""
    first = parts[0] or (parts[1] if len(parts) > 1 else "")
    return len(parts) > 2 and first.isdecimal() and len(first) >= 6


def _document(parts: list[str], places: tuple[int, ...]) -> IdentityDocument | Refusal:
    number, family, given, born, sex = (parts[place] for place in places)
    digits, day = _NUMBER.fullmatch(number), _DATE.fullmatch(born)
    names = fields.name(family), fields.name(given)
    birth_date = fields.birth(day[3], day[2], day[1]) if day else None
    if not digits or not birth_date or not names[0] or not names[1]:
        return Refusal(Why.GARBLED)
    return IdentityDocument("AR", digits[1], names[0], names[1], birth_date, fields.sex(sex))
