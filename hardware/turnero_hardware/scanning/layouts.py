"""Undoing what happens between a code and the text that a keyboard wedge types.

A reader types the keys of a US keyboard unless it is told otherwise; a machine set to a Spanish
layout then writes other signs: `@` becomes `"`, `/` becomes `-`, `<` becomes `;` and so on.
"""

from __future__ import annotations

import unicodedata

# The sign a Spanish or Latin American layout writes -> the one that was meant.
_SPANISH = str.maketrans(
    {"Ñ": ":", "ñ": ";", "-": "/", "'": "-", "?": "_", '"': "@", ";": "<", "_": "?", "/": "&"}
)


def clean(text: str) -> str:
    """Controls as spaces, one for one so that fixed places hold; nothing at either end."""
    return "".join(" " if _is_control(sign) else sign for sign in _repaired(text)).strip()


def as_us_keys(text: str) -> str:
    """`text` as a US layout would have written it."""
    return text.translate(_SPANISH)


def _repaired(text: str) -> str:
    """UTF-8 that was taken for Latin-1 (`Ñ` arrives as `Ã` and a control) is put right."""
    if "Ã" not in text:
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
