"""Reads back what fpdf2 wrote: the words of each page, in the order they were written."""

import re
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
# A change of font, or a piece of text.
WRITTEN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.S)
LETTER = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>")
ESCAPES = {b"\\n": b"\n", b"\\r": b"\r"}


def pages(pdf: bytes) -> list[list[str]]:
    """The pieces of text of each page. Fonts stand in the file in the order of their names."""
    streams = [_unpacked(found) for found in STREAM.findall(pdf)]
    fonts = [_letters(stream) for stream in streams if b"begincmap" in stream]
    return [_words(stream, fonts) for stream in streams if b" Tj" in stream and b"BT" in stream]


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _letters(table: bytes) -> dict[int, str]:
    return {int(glyph, 16): chr(int(letter, 16)) for glyph, letter in LETTER.findall(table)}


def _words(page: bytes, fonts: list[dict[int, str]]) -> list[str]:
    words, font = [], fonts[0]
    for name, text in WRITTEN.findall(page):
        if name:
            font = fonts[int(name) - 1]
            continue
        plain = re.sub(rb"\\.", lambda sign: ESCAPES.get(sign[0], sign[0][1:]), text, flags=re.S)
        glyphs = [int.from_bytes(plain[at : at + 2], "big") for at in range(0, len(plain), 2)]
        words.append("".join(font.get(glyph, "") for glyph in glyphs))
    return words
