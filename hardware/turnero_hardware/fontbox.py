"""The vendored fonts: which of them draws a letter, and what to draw when none does."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import as_file, files
from io import BytesIO

from PIL import ImageFont, features

REGULAR = "DejaVuSans"
BOLD = "DejaVuSans-Bold"
SYMBOLS = "SymbolaEmoji"

#: Selectors and joiners that only choose a colour or glue emoji together.
_DROPPED = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
#: A code point that no font may hold, so what is drawn for it is the font's "missing" box.
_NOTHING = "\U0010fffe"


def has_complex_layout() -> bool:
    """Whether Pillow can join and order letters itself (raqm, which needs fribidi installed)."""
    return bool(features.check("raqm"))


@cache
def font(name: str, size: int, *, complex_layout: bool = True) -> ImageFont.FreeTypeFont:
    """A vendored font by its file name without `.ttf`, at `size` dots."""
    with as_file(files("turnero_hardware") / "fonts" / f"{name}.ttf") as path:
        data = BytesIO(path.read_bytes())
    rich = complex_layout and has_complex_layout()
    engine = ImageFont.Layout.RAQM if rich else ImageFont.Layout.BASIC
    return ImageFont.truetype(data, size, layout_engine=engine)


@lru_cache(maxsize=4096)
def has_glyph(name: str, letter: str) -> bool:
    """Whether the font draws `letter` itself, not the box it draws for what it lacks."""
    if letter.isspace() or unicodedata.category(letter) in ("Cf", "Mn"):
        return True
    plain = font(name, 32, complex_layout=False)
    return bytes(plain.getmask(letter)) != bytes(plain.getmask(_NOTHING))


def drawable(text: str) -> str:
    """`text` with every letter that no font here draws written as its code, such as U+4E2D."""
    return "".join(_readable(letter) for letter in text.translate(_DROPPED))


def _readable(letter: str) -> str:
    for form in (letter, unicodedata.normalize("NFKD", letter)):
        if all(has_glyph(REGULAR, part) or has_glyph(SYMBOLS, part) for part in form):
            return form
    return f"[U+{ord(letter):04X}]"
