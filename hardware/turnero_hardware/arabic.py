"""Joined, right-to-left Arabic for machines where Pillow has no complex text layout.

Unicode's presentation forms (blocks FB50 and FE70) hold every letter as it looks alone, at the
start, in the middle and at the end of a word; their decompositions say which is which.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_FORMS = (*range(0xFB50, 0xFBFF), *range(0xFE70, 0xFEFD))
_RTL = ("R", "AL")


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction of its own reads right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in (*_RTL, "L"):
            return direction in _RTL
    return False


def visual(text: str) -> str:
    """`text` in the order and the shapes in which it is drawn from left to right."""
    if not any(unicodedata.bidirectional(letter) in _RTL for letter in text):
        return text
    # Numbers and words of other scripts keep their own order inside the reversed line.
    parts = re.findall(r"[0-9A-Za-z\u00c0-\u024f]+(?:[.,:/-][0-9A-Za-z]+)*|.", _joined(text))
    return "".join(reversed(parts))


@cache
def _shapes() -> dict[str, dict[str, str]]:
    shapes: dict[str, dict[str, str]] = {}
    for code in _FORMS:
        position, _, letters = unicodedata.decomposition(chr(code)).partition("> ")
        source = "".join(chr(int(part, 16)) for part in letters.split())
        if len(source) == 1 or source in ("\u0644\u0627", "\u0644\u0622", "\u0644\u0623"):
            shapes.setdefault(source, {})[position.lstrip("<")] = chr(code)
    return shapes


def _joined(text: str) -> str:
    shapes = _shapes()
    letters = re.findall("\u0644[\u0627\u0622\u0623]|.", text)
    out = []
    for index, letter in enumerate(letters):
        own = shapes.get(letter, {})
        before = shapes.get(letters[index - 1], {}) if index else {}
        after = shapes.get(letters[index + 1], {}) if index + 1 < len(letters) else {}
        joins_before = "initial" in before and "final" in own
        joins_after = "initial" in own and "final" in after
        position = {
            (True, True): "medial",
            (True, False): "final",
            (False, True): "initial",
            (False, False): "isolated",
        }[joins_before, joins_after]
        out.append(own.get(position, letter))
    return "".join(out)
