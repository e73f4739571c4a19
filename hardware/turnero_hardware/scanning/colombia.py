"""Colombia's yellow cédula, its PDF417 of 531 bytes: text at fixed places padded with NUL, then
the fingerprints, which are noise here and are not looked at.

Counted from the word `PubDSK_` (at byte 24): number +24 (10 digits, zeros before it), surnames +34
and +57, given names +80 and +103 (23 bytes each), a `0` +126, sex +127, birth as yyyymmdd +128. As
read from cards by github.com/Eitol/colombian-cedula-reader (Latin-1). A reader that types leaves
the NUL out or makes spaces of them, some only one for many; the names are then told by counting.
"""

from __future__ import annotations

import re

from turnero_hardware.scanning import fields
from turnero_hardware.scanning.values import IdentityDocument, Refusal, Why

_MARK = "PubDSK_"
_TAIL = re.compile(r"0([MF])((?:18|19|20)[0-9]{6})")
_HEAD = re.compile(r"PubDSK_[0-9][0-9 ]*?([0-9]{10})(?=[^\W\d_])")
_NAMES = ((34, 57), (57, 80), (80, 103), (103, 126))


def read(text: str) -> IdentityDocument | Refusal | None:
    """None when this is no such code at all."""
    begin = text.find(_MARK)
    if begin < 0:
        return None
    return _at_places(text[begin:]) or _counted(text[begin:]) or Refusal(Why.GARBLED)


def _at_places(text: str) -> IdentityDocument | None:
    tail = _TAIL.match(text, 126)
    if tail is None or not re.fullmatch(r"[0-9]{10}", text[24:34]):
        return None
    first, second, *given = (text[start:end] for start, end in _NAMES)
    return _document(text[24:34], f"{first} {second}", " ".join(given), tail)


def _counted(text: str) -> IdentityDocument | None:
    head = _HEAD.match(text)
    tail = _TAIL.search(text, head.end()) if head else None
    if head is None or tail is None:
        return None
    words = text[head.end() : tail.start()].split()
    # Two surnames and one or two given names; with any other number nobody can say which is which.
    if len(words) not in (3, 4):
        return None
    return _document(head[1], " ".join(words[:2]), " ".join(words[2:]), tail)


def _document(number: str, family: str, given: str, tail: re.Match[str]) -> IdentityDocument | None:
    day = tail[2]
    birth_date = fields.birth(day[:4], day[4:6], day[6:])
    names, digits = (fields.name(family), fields.name(given)), number.lstrip("0")
    if not birth_date or not names[0] or not names[1] or len(digits) < 4:
        return None
    return IdentityDocument("CO", digits, names[0], names[1], birth_date, tail[1])
