"""A slip and a printer profile become ESC/POS bytes; the same input gives the same bytes."""

from __future__ import annotations

from functools import singledispatchmethod

import qrcode  # type: ignore[import-untyped]
import structlog
from PIL import Image, ImageOps

from turnero_core.i18n import N_, gettext, speaking
from turnero_hardware.escpos_library import CODEPAGE_CHANGE, ESC, FS, GS, QR_ECLEVEL_M, Dummy
from turnero_hardware.escpos_read import read
from turnero_hardware.lettering import (
    balanced,
    letter_size,
    page_for,
    paragraphs,
    spread,
    wrap,
)
from turnero_hardware.measure import length_mm
from turnero_hardware.profiles import Profile
from turnero_hardware.slip import (
    Align,
    Cut,
    Drawer,
    Pair,
    Picture,
    Qr,
    Rule,
    Size,
    Slip,
    Space,
    Text,
)
from turnero_hardware.typeset import from_png, pair_picture, picture

log = structlog.get_logger(__name__)
COPY = N_("COPY")
COPY_NOTE = N_("Printed again: it may already have been printed once.")

#: Boards made for China read bytes above 127 as pairs unless told not to (FS .), and others
#: replace a few ASCII signs with national ones (ESC R).
_PLAIN_LETTERS = FS + b"." + ESC + b"R\x00"
_QR_BORDER = 4
_FULL_CUT, _PARTIAL_CUT = GS + b"V\x41\x00", GS + b"V\x42\x00"
#: Nobody wants a longer one; it is a mistake, and would empty the roll.
LONGEST_MM = 1000


class UnprintableError(ValueError):
    """A slip that no printer can print, such as one with nothing but a broken picture."""


class TooLongError(UnprintableError):
    """A slip of more than `LONGEST_MM`."""


def render(slip: Slip, profile: Profile, *, copy: bool = False) -> bytes:
    """The bytes to send to the printer; with `copy`, a band at the top says it is one. A picture
    that is none is left out where there is more to say: a turn is worth more than its logo."""
    page = _Page(profile)
    if copy:
        with speaking(slip.language):
            page.band(gettext(COPY))
            page.add(Text(gettext(COPY_NOTE), align="center"))
            page.add(Space())
    for block in slip.blocks:
        if not (copy and isinstance(block, Drawer)):
            page.add(block)
    if page.left_out and not any(isinstance(block, Text | Pair | Qr) for block in slip.blocks):
        raise UnprintableError(page.left_out)
    length = length_mm(read(page.output, profile.dots))
    if length > LONGEST_MM:
        raise TooLongError(f"{length} mm of paper")
    return page.output


class _Page:
    """The bytes so far, and what the printer has been told, so as not to repeat it."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._printer = Dummy(profile=profile.escpos)
        self._code_page = ""
        self.left_out = ""
        self._style: dict[str, object] = {}
        self._printer.hw("INIT")
        self._printer._raw(_PLAIN_LETTERS)
        self._printer.line_spacing()

    @property
    def output(self) -> bytes:
        return bytes(self._printer.output)

    @singledispatchmethod
    def add(self, block: object) -> None:
        raise UnprintableError(f"a block of type {type(block).__name__}")

    @add.register
    def _(self, block: Text) -> None:
        for paragraph in paragraphs(block.text):
            self._paragraph(paragraph, block.size, bold=block.bold, align=block.align)

    @add.register
    def _(self, block: Pair) -> None:
        label, value = (" ".join(paragraphs(text)) for text in (block.label, block.value))
        found = page_for(f"{label}\0{value}", self.profile.pages)
        if found is None:
            self._image(pair_picture(label, value, self.profile.dots, bold=block.bold))
            return
        page, both = found
        label, _, value = both.partition("\0")
        for line in spread(label, value, self.profile.columns):
            self._line(line, page, bold=block.bold)

    @add.register
    def _(self, _block: Rule) -> None:
        page, line = page_for("\u2500" * self.profile.columns, self.profile.pages) or (
            next(iter(self.profile.pages)),
            "-" * self.profile.columns,
        )
        self._line(line, page)

    @add.register
    def _(self, block: Space) -> None:
        if block.lines:
            self._printer.print_and_feed(block.lines)

    @add.register
    def _(self, block: Qr) -> None:
        code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=_QR_BORDER)
        code.add_data(block.data, optimize=0)
        code.make(fit=True)
        dots = _module_dots(code.modules_count, self.profile.dots)
        if not self.profile.native_qr:
            code.box_size = dots
            self._image(code.make_image().get_image().convert("L"))
            return
        self._set(align="center")
        self._printer.print_and_feed(1)
        self._printer.qr(block.data, ec=QR_ECLEVEL_M, size=dots, native=True)
        self._printer.print_and_feed(1)

    @add.register
    def _(self, block: Picture) -> None:
        try:
            self._image(from_png(block.png, self.profile.dots))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            self.left_out = f"a picture that is not a PNG: {error}"
            log.warning("picture_left_out", detail=str(error))

    @add.register
    def _(self, _block: Cut) -> None:
        self._set(align="left")
        self._printer.print_and_feed(self.profile.tail_lines)
        if self.profile.cutter:
            # These feed to the blade by themselves, on every model that has one.
            self._printer._raw(_FULL_CUT if self.profile.full_cut else _PARTIAL_CUT)

    @add.register
    def _(self, block: Drawer) -> None:
        self._printer.cashdraw(block.pin)

    def band(self, word: str) -> None:
        """White letters on a black bar across the paper."""
        columns = self.profile.columns // 2
        found = page_for(word, self.profile.pages)
        if found is None:
            bar = picture(word, self.profile.dots, size="large", bold=True, align="center")
            self._image(ImageOps.invert(bar))
            return
        for line in wrap(found[1], columns):
            self._set(invert=True)
            self._line(line.center(columns), found[0], bold=True, size=(2, 2))
        self._set(invert=False)

    def _paragraph(self, text: str, size: Size, *, bold: bool, align: Align) -> None:
        found = page_for(text, self.profile.pages)
        if found is None:
            self._image(picture(text, self.profile.dots, size=size, bold=bold, align=align))
            return
        page, text = found
        wide, tall = letter_size(text, size, self.profile.columns)
        cut = balanced if align == "center" else wrap
        for line in cut(text, self.profile.columns // wide):
            self._line(line, page, bold=bold, align=align, size=(wide, tall))

    def _line(
        self,
        line: str,
        page: str,
        *,
        bold: bool = False,
        align: Align = "left",
        size: tuple[int, int] = (1, 1),
    ) -> None:
        self._set(align=align, bold=bold, size=size)
        if page != self._code_page:
            self._printer._raw(CODEPAGE_CHANGE + bytes([self.profile.pages[page]]))
            self._code_page = page
        self._printer._raw(line.encode(page) + b"\n")

    def _image(self, drawing: Image.Image) -> None:
        """In the middle of the paper; padded here, as some printers do not align pictures."""
        self._set(align="left")
        sheet = Image.new("L", (self.profile.dots, drawing.height), 255)
        sheet.paste(drawing, ((self.profile.dots - drawing.width) // 2, 0))
        self._printer.image(sheet)

    def _set(self, **style: object) -> None:
        for name, value in style.items():
            if self._style.get(name) == value:
                continue
            self._style[name] = value
            if isinstance(value, tuple):
                self._printer.set(custom_size=True, width=value[0], height=value[1])
            else:
                self._printer.set(**{name: value})


def _module_dots(modules: int, paper_dots: int) -> int:
    """Dots per module: a code of about 35 mm, at least 3 dots so that cheap cameras read it."""
    return max(3, min(8, 280 // modules, paper_dots // (modules + 2 * _QR_BORDER)))
