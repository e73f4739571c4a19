"""Papers as PDF: one calm A4 layout for receipts, certificates and reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files

import qrcode  # type: ignore[import-untyped]
from fpdf import FPDF

from turnero_hardware.fontbox import drawable

MARGIN_MM = 22
_FONT = "DejaVu"
_GREY, _BLACK, _RED = 90, 20, (150, 20, 20)


class Sheet(FPDF):
    """A page that grows downwards. The same calls with the same `at` give the same bytes."""

    def __init__(self, title: str, language: str, at: datetime) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.set_lang(language)
        self.set_creation_date(at)
        self.set_creator("Turnero")
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, MARGIN_MM)
        for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
            self.add_font(_FONT, style, _font_file(name))
        self.add_page()

    def letterhead(self, municipality: str, office: str, logo: bytes | None = None) -> None:
        if logo:
            self.image(logo, x=MARGIN_MM, h=16, keep_aspect_ratio=True)
            self.ln(2)
        self.say(municipality, size=15, bold=True)
        self.say(office, size=10, grey=True)
        self.rule()

    def say(
        self,
        text: str,
        *,
        size: float = 11,
        bold: bool = False,
        grey: bool = False,
        align: str = "L",
    ) -> None:
        """A paragraph across the page."""
        self._pen(size, bold=bold, grey=grey)
        self.multi_cell(0, size * 0.55, drawable(text), align=align, new_x="LMARGIN", new_y="NEXT")

    def warn(self, text: str) -> None:
        """A line nobody overlooks."""
        self._pen(16, bold=True)
        self.set_text_color(*_RED)
        self.multi_cell(0, 9, drawable(text), align="C", new_x="LMARGIN", new_y="NEXT")

    def pair(self, label: str, value: str, *, bold: bool = False) -> None:
        """A label at the left and what it is at the right."""
        top, width = self.get_y(), self.epw
        if top > self.h - MARGIN_MM - 12:
            self.add_page()
            top = self.get_y()
        self._pen(11, bold=bold, grey=not bold)
        self.multi_cell(width * 0.6, 6.5, drawable(label), new_x="LMARGIN", new_y="NEXT")
        end = self.get_y()
        self.set_xy(MARGIN_MM + width * 0.6, top)
        self._pen(11, bold=bold)
        self.multi_cell(width * 0.4, 6.5, drawable(value), align="R", new_x="LMARGIN", new_y="NEXT")
        self.set_y(max(end, self.get_y()))

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        for label, value in pairs:
            self.pair(label, value)

    def rule(self) -> None:
        self.ln(2)
        self.set_draw_color(180)
        self.line(MARGIN_MM, self.get_y(), self.w - MARGIN_MM, self.get_y())
        self.ln(4)

    def qr(self, data: str, *, side_mm: float = 42) -> None:
        """A QR code in the middle of the page."""
        code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
        code.add_data(data, optimize=0)
        matrix = code.get_matrix()
        step = side_mm / len(matrix)
        if self.get_y() + side_mm > self.h - MARGIN_MM:
            self.add_page()
        left, top = (self.w - side_mm) / 2, self.get_y()
        self.set_fill_color(0)
        for row, cells in enumerate(matrix):
            for first, length in _runs(cells):
                self.rect(left + first * step, top + row * step, length * step, step, style="F")
        self.set_y(top + side_mm)

    def bytes(self) -> bytes:
        return bytes(self.output())

    def _pen(self, size: float, *, bold: bool = False, grey: bool = False) -> None:
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(_GREY if grey else _BLACK)


def _runs(cells: list[bool]) -> Iterable[tuple[int, int]]:
    """Where dark cells begin, and how many follow."""
    first = None
    for place, dark in enumerate([*cells, False]):
        if dark and first is None:
            first = place
        elif not dark and first is not None:
            yield first, place - first
            first = None


@cache
def _font_file(name: str) -> str:
    return str(files("turnero_hardware") / "fonts" / f"{name}.ttf")
