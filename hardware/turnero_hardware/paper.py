"""A picture of the paper as it comes out of the printer, one pixel to a dot."""

from __future__ import annotations

from functools import singledispatch
from io import BytesIO

import qrcode  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

from turnero_hardware.escpos_read import read
from turnero_hardware.escpos_reading import Align, Code, CutMark, Line, Raster, Reading, Run
from turnero_hardware.fontbox import font
from turnero_hardware.measure import LEVELS, LINE_SPACING
from turnero_hardware.profiles import CELL_HEIGHT, CELL_WIDTH

_PAPER = (252, 248, 240)
_INK = (43, 39, 42)
_MARGIN = {576: 32, 512: 64, 384: 40}
_POINTS = 20
_TOOTH = 10


def paper_png(data: bytes, dots: int = 576, *, torn: bool = True) -> bytes:
    """The PNG of a job's ESC/POS bytes on paper with `dots` printable dots; `torn` gives both
    ends the teeth of the cutter, on a transparent ground."""
    output = BytesIO()
    draw_paper(read(data, dots), dots, torn=torn).save(output, "PNG")
    return output.getvalue()


def draw_paper(reading: Reading, dots: int = 576, *, torn: bool = True) -> Image.Image:
    """The strip of paper (RGBA), with its real margins at both sides."""
    parts = [part for item in reading.elements if (part := _inked(item, dots)) is not None]
    margin = _MARGIN.get(dots, 40)
    ends = margin if torn else margin // 2
    height = sum(part.height for part in parts) + 2 * ends
    sheet = Image.new("RGBA", (dots + 2 * margin, height), (*_PAPER, 255))
    top = ends
    for part in parts:
        sheet.paste(_INK, (margin, top), part)
        top += part.height
    return _torn(sheet) if torn else sheet


@singledispatch
def _inked(_item: object, _dots: int) -> Image.Image | None:
    """The ink of one element as a mask over the printable width; None if it leaves none."""
    return None


@_inked.register
def _(item: Line, dots: int) -> Image.Image:
    tallest = max((run.style.height for run in item.runs), default=1) * CELL_HEIGHT
    strip = Image.new("L", (dots, max(tallest, LINE_SPACING)), 0)
    length = sum(len(run.text) * run.style.width for run in item.runs) * CELL_WIDTH
    left = _left(item.align, dots - length)
    for run in item.runs:
        cells = _cells(run)
        strip.paste(cells, (left, tallest - cells.height))
        left += cells.width
    return strip


@_inked.register
def _(item: Code, dots: int) -> Image.Image:
    code = qrcode.QRCode(error_correction=LEVELS[item.level], border=0)
    code.add_data(item.data, optimize=0)
    code.make(fit=True)
    small = Image.new("L", (code.modules_count, code.modules_count))
    small.putdata([255 if dark else 0 for row in code.modules for dark in row])
    side = code.modules_count * item.dots
    strip = Image.new("L", (dots, side), 0)
    large = small.resize((side, side), Image.Resampling.NEAREST)
    strip.paste(large, (_left(item.align, dots - side), 0))
    return strip


@_inked.register
def _(item: Raster, dots: int) -> Image.Image | None:
    if not item.width or not item.height:
        return None
    bits = Image.frombytes("1", (item.width, item.height), item.pixels).convert("L")
    size = (item.width * item.stretch_x, item.height * item.stretch_y)
    strip = Image.new("L", (dots, size[1]), 0)
    strip.paste(bits.resize(size), (_left(item.align, dots - size[0]), 0))
    return strip


@_inked.register
def _(_item: CutMark, dots: int) -> Image.Image:
    return Image.new("L", (dots, LINE_SPACING), 0)


def _left(align: Align, room: int) -> int:
    return max(0, {"left": 0, "center": room // 2, "right": room}[align])


def _cells(run: Run) -> Image.Image:
    """Letters in cells of 12 by 24 dots, drawn at their final size so that they stay sharp."""
    style = run.style
    times = max(style.width, style.height)
    wide, tall = CELL_WIDTH * times, CELL_HEIGHT * times
    strip = Image.new("L", (wide * len(run.text), tall), 0)
    brush = ImageDraw.Draw(strip)
    face = font("DejaVuSansMono-Bold" if style.bold else "DejaVuSansMono", _POINTS * times)
    for index, letter in enumerate(run.text):
        place = (index * wide + wide / 2, tall * 0.78)
        brush.text(place, letter, font=face, fill=255, anchor="ms")
    if style.underline:
        brush.rectangle((0, tall - 2 * times, strip.width, tall), fill=255)
    size = (CELL_WIDTH * style.width * len(run.text), CELL_HEIGHT * style.height)
    strip = strip.resize(size, Image.Resampling.LANCZOS) if size != strip.size else strip
    return strip.point(lambda ink: 255 - ink) if style.invert else strip


def _torn(sheet: Image.Image) -> Image.Image:
    """Teeth along both ends, drawn four times too large and shrunk so that they are smooth."""
    times = 4
    tooth = _TOOTH * times
    end = Image.new("L", (sheet.width * times, tooth), 255)
    steps = range(0, end.width + 2 * tooth, 2 * tooth)
    brush = ImageDraw.Draw(end)
    for left in steps:
        brush.polygon([(left - tooth, 0), (left, tooth // 2), (left + tooth, 0)], fill=0)
    end = end.resize((sheet.width, _TOOTH), Image.Resampling.LANCZOS)
    mask = Image.new("L", sheet.size, 255)
    mask.paste(end, (0, 0))
    mask.paste(end.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, sheet.height - _TOOTH))
    sheet.putalpha(mask)
    return sheet
