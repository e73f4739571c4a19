"""How much paper a job takes."""

from __future__ import annotations

import qrcode  # type: ignore[import-untyped]

from turnero_hardware.escpos_reading import Code, Element, Line, Raster, Reading
from turnero_hardware.profiles import CELL_HEIGHT

LINE_SPACING = 30
_DOTS_PER_MM = 8
LEVELS = {
    "L": qrcode.ERROR_CORRECT_L,
    "M": qrcode.ERROR_CORRECT_M,
    "Q": qrcode.ERROR_CORRECT_Q,
    "H": qrcode.ERROR_CORRECT_H,
}


def length_mm(reading: Reading) -> int:
    """The length of a job, without what the blade feeds."""
    return sum(_height(item) for item in reading.elements) // _DOTS_PER_MM


def _height(item: Element) -> int:
    if isinstance(item, Line):
        tallest = max((run.style.height for run in item.runs), default=1)
        return max(tallest * CELL_HEIGHT, LINE_SPACING)
    if isinstance(item, Raster):
        return item.height * item.stretch_y
    if isinstance(item, Code):
        code = qrcode.QRCode(error_correction=LEVELS[item.level], border=0)
        code.add_data(item.data, optimize=0)
        version: int = code.best_fit()
        return (17 + 4 * version) * item.dots
    return 0
