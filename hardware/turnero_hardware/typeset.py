"""Text as a picture, for what no code page of a printer can write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby

from PIL import Image, ImageDraw, ImageFont

from turnero_hardware.arabic import is_rtl, visual
from turnero_hardware.fontbox import BOLD, REGULAR, SYMBOLS, drawable, font, has_complex_layout
from turnero_hardware.fontbox import has_glyph as font_has
from turnero_hardware.lettering import balanced, wrap
from turnero_hardware.slip import Align, Size

_POINTS: dict[Size, int] = {"normal": 22, "large": 44, "huge": 176}
#: Dots from baseline to baseline for one dot of letter size: 30 for 22, a printer's own spacing.
_LEADING = 30 / 22
#: Grey above this stays paper; thin strokes of symbols survive.
_INK = 144
#: More than any logo has; unpacked, it is 40 MB.
_MOST_PIXELS = 10_000_000
_BELOW_PICTURE = 10


@dataclass(frozen=True, slots=True)
class _Pen:
    points: int
    bold: bool
    rtl: bool

    @property
    def leading(self) -> int:
        return round(self.points * _LEADING)

    def measure(self, line: str) -> int:
        """Width of `line` in dots."""
        return round(sum(face.getlength(run) for face, run in self._runs(line)))

    def draw(self, page: Image.Image, line: str, left: int, top: int) -> None:
        brush = ImageDraw.Draw(page)
        baseline = top + round(self.points * 1.02)
        position = float(left)
        direction = "rtl" if self.rtl and has_complex_layout() else None
        for face, run in self._runs(line):
            brush.text(
                (position, baseline), run, font=face, fill=0, anchor="ls", direction=direction
            )
            position += face.getlength(run)

    def _runs(self, line: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """Stretches of one font each, in the order they stand from left to right."""
        letters = BOLD if self.bold else REGULAR
        shaped = line if has_complex_layout() else visual(line)
        parts = groupby(shaped, lambda letter: letters if font_has(letters, letter) else SYMBOLS)
        runs = [(font(name, self.points), "".join(run)) for name, run in parts]
        return runs[::-1] if self.rtl and has_complex_layout() else runs

    def indent(self, line: str, width: int, align: Align) -> int:
        room = width - self.measure(line)
        if align == "center":
            return room // 2
        return room if (align == "right") != self.rtl else 0


def picture(
    text: str, width: int, *, size: Size = "normal", bold: bool = False, align: Align = "left"
) -> Image.Image:
    """One paragraph as black on white, `width` dots wide, letters as large as `size` says."""
    text = drawable(text)
    pen = _pen(text, width, size, bold)
    lines = (balanced if align == "center" else wrap)(text, width, pen.measure)
    page = Image.new("L", (width, pen.leading * len(lines)), 255)
    for row, line in enumerate(lines):
        pen.draw(page, line, pen.indent(line, width, align), row * pen.leading)
    return page.point(_black_or_white)


def pair_picture(label: str, value: str, width: int, *, bold: bool = False) -> Image.Image:
    """A label and its value at both edges; the value goes below when both do not fit."""
    label, value = drawable(label), drawable(value)
    pen = _Pen(_POINTS["normal"], bold, is_rtl(label))
    gap = pen.measure("  ")
    if pen.measure(label) + gap + pen.measure(value) > width:
        return _stacked(
            picture(label, width, bold=bold),
            picture(value, width, bold=bold, align="left" if is_rtl(value) else "right"),
        )
    page = Image.new("L", (width, pen.leading), 255)
    pen.draw(page, label, pen.indent(label, width, "left"), 0)
    pen.draw(page, value, pen.indent(value, width, "right"), 0)
    return page.point(_black_or_white)


def from_png(png: bytes, width: int) -> Image.Image:
    """A PNG in grey on white, shrunk to `width` dots if it is wider, with a little paper below;
    Pillow's own errors when it is not one."""
    with Image.open(BytesIO(png), formats=["PNG"]) as source:
        if source.width * source.height > _MOST_PIXELS:
            raise ValueError(f"{source.width} by {source.height} pixels are too many")
        layer = source.convert("RGBA")
    if layer.width > width:
        layer = layer.resize((width, max(1, layer.height * width // layer.width)))
    sheet = Image.new("RGBA", (layer.width, layer.height + _BELOW_PICTURE), "white")
    sheet.alpha_composite(layer)
    return sheet.convert("L")


def _pen(text: str, width: int, size: Size, bold: bool) -> _Pen:
    """The letters of that size, smaller where a word would be wider than the paper; `huge` is
    made to fill one line, if that keeps it larger than `large`."""
    most = _Pen(_POINTS[size], bold, is_rtl(text))
    least = _POINTS["normal"]
    if size == "huge":
        whole_line = most.points * width // max(most.measure(text), 1)
        if whole_line >= _POINTS["large"]:
            return replace(most, points=min(most.points, whole_line))
        most = replace(most, points=_POINTS["large"])
    longest = max(map(most.measure, text.split()), default=0)
    if longest <= width:
        return most
    return replace(most, points=max(least, most.points * width // longest))


def _stacked(upper: Image.Image, lower: Image.Image) -> Image.Image:
    page = Image.new("L", (upper.width, upper.height + lower.height), 255)
    page.paste(upper, (0, 0))
    page.paste(lower, (0, upper.height))
    return page


def _black_or_white(grey: int) -> int:
    return 0 if grey < _INK else 255
