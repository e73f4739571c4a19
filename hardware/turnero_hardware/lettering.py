"""Text as a printer takes it: safe letters, code pages and word wrap."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from math import ceil

from turnero_hardware.slip import Size

#: Typographic signs that few printers have, and how they are written without them.
PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2022": "\u00b7",
        "\u2026": "...",
        "\u2192": "->",
    }
)
#: Invisible ones; code pages print the soft hyphen, so it has to go.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_SPACES = str.maketrans(dict.fromkeys("\t\u00a0\u2009\u202f", " "))


def paragraphs(text: str) -> list[str]:
    """`text` composed (NFC) and cut at line ends, without any control character: no name or
    address typed by somebody can carry a command to the printer."""
    composed = unicodedata.normalize("NFC", text).translate(_INVISIBLE).translate(_SPACES)
    return [
        "".join(ch for ch in line if unicodedata.category(ch) not in ("Cc", "Cs"))
        for line in composed.replace("\r\n", "\n").split("\n")
    ]


def page_for(text: str, pages: Mapping[str, int]) -> tuple[str, str] | None:
    """The first code page that holds `text`, and the text to encode in it; None if no page does."""
    for page in pages:
        for candidate in (text, text.translate(PLAIN)):
            try:
                candidate.encode(page)
            except UnicodeEncodeError:
                continue
            return page, candidate
    return None


def wrap(text: str, limit: int, measure: Callable[[str], float] = len) -> list[str]:
    """Lines no wider than `limit` as `measure` sees them (letters, unless told otherwise), cut
    between words; a word wider than a line goes on in the next one."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if measure(longer) <= limit:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, limit, measure)
        lines += whole
    return [*lines, line] if line or not lines else lines


def balanced(text: str, limit: int, measure: Callable[[str], float] = len) -> list[str]:
    """As few lines as `wrap` makes, of about the same length, so that centred text ends in no
    lonely word."""
    lines = wrap(text, limit, measure)
    # Never so narrow that a word would have to be cut for it.
    low, high = min(limit, ceil(_longest_word(text, measure))), limit
    while low < high:
        middle = (low + high) // 2
        tried = wrap(text, middle, measure)
        if len(tried) <= len(lines):
            high = middle
        else:
            low = middle + 1
    return wrap(text, high, measure)


def _pieces(word: str, limit: int, measure: Callable[[str], float]) -> list[str]:
    pieces = [""]
    for letter in word:
        # A mark stays with its letter, and a letter wider than the paper still prints.
        fits = measure(pieces[-1] + letter) <= limit or unicodedata.combining(letter)
        if fits or not pieces[-1]:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def letter_size(text: str, size: Size, columns: int) -> tuple[int, int]:
    """Width and height of letters, in multiples from 1 to 8 (the most `GS !` can), so that no
    word has to be cut when a smaller size spares it. `huge` keeps to one line if it can."""
    if size == "normal":
        return 1, 1
    one_line = columns // max(len(text), 1)
    if size == "huge" and one_line >= 2:
        return min(8, one_line), min(8, one_line)
    return (2, 2) if _longest_word(text) * 2 <= columns else (1, 2)


def _longest_word(text: str, measure: Callable[[str], float] = len) -> float:
    return max(map(measure, text.split()), default=0)


def spread(label: str, value: str, columns: int) -> list[str]:
    """Label left, value right; when one line is not enough the value ends the last one."""
    if not value:
        return wrap(label, columns)
    lines = wrap(label, columns)
    room = columns - len(lines[-1]) - 2
    if len(value) <= room:
        return [*lines[:-1], lines[-1] + value.rjust(columns - len(lines[-1]))]
    return lines + [line.rjust(columns) for line in wrap(value, columns)]
