"""Reads real ESC/POS bytes as a printer does: what is printed, how large, and what is unknown.

Sources: Epson's ESC/POS command reference; the numbers of code pages as in python-escpos's
printer database. What is not understood is kept as `Unknown`, never skipped silently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from turnero_hardware.escpos_commands import QUIET, QrStore
from turnero_hardware.escpos_reading import (
    Align,
    CutMark,
    Element,
    Kick,
    Line,
    Raster,
    Reading,
    Run,
    Style,
    Unknown,
)
from turnero_hardware.profiles import CELL_WIDTH, EPSON_PAGES

_PAGES = {number: page for page, number in EPSON_PAGES.items()}
_DRAWER_PINS = (2, 5)
_ALIGN: tuple[Align, ...] = ("left", "center", "right")


def read(data: bytes, dots: int = 576) -> Reading:
    """What a printer `dots` wide makes of `data`, from its power-on state."""
    return _Reader(data, dots).run()


class _TruncatedError(Exception):
    """The data ends in the middle of a command."""


class _Reader:
    def __init__(self, data: bytes, dots: int) -> None:
        self.data, self.dots, self.at = data, dots, 0
        self.elements: list[Element] = []
        self.runs: list[Run] = []
        self.width = 0
        self.reset()

    def reset(self) -> None:
        self.style, self.page, self.qr = Style(), "cp437", QrStore()
        self.align: Align = "left"

    def run(self) -> Reading:
        start = 0
        try:
            while (start := self.at) < len(self.data):
                self._step()
        except _TruncatedError:
            self.elements.append(Unknown(start, self.data[start:]))
        if self.runs:
            self._flush()
        return Reading(tuple(self.elements))

    def _take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise _TruncatedError
        self.at += count
        return taken

    def _byte(self) -> int:
        return self._take(1)[0]

    def _step(self) -> None:
        first = self.data[self.at]
        if first == 0x0A:
            self.at += 1
            self._flush()
        elif first in (0x1B, 0x1C, 0x1D, 0x10):
            self._command()
        elif first == 0x0D:
            self.at += 1
        elif first < 0x20:
            self._unknown(self.at, 1)
        else:
            self._letter()

    def _command(self) -> None:
        start = self.at
        for length in (3, 2):
            name = self.data[start : start + length]
            if name in QUIET:
                self.at += length
                self._take(QUIET[name])
                return
            if name in _COMMANDS:
                self.at += length
                _COMMANDS[name](self)
                return
        if len(self.data) - start < 2:
            raise _TruncatedError
        self._unknown(start, 2)

    def _unknown(self, start: int, length: int) -> None:
        self.elements.append(Unknown(start, self.data[start : start + length]))
        self.at = start + length

    def _letter(self) -> None:
        letter = self._take(1).decode(self.page, "replace")
        wide = CELL_WIDTH * self.style.width
        if self.runs and self.width + wide > self.dots:
            self._flush()
        if self.runs and self.runs[-1].style == self.style:
            self.runs[-1] = Run(self.runs[-1].text + letter, self.style)
        else:
            self.runs.append(Run(letter, self.style))
        self.width += wide

    def _flush(self) -> None:
        self.elements.append(Line(tuple(self.runs), self.align))
        self.runs, self.width = [], 0

    def _feed(self) -> None:
        if self.runs:
            self._flush()
        else:
            self.elements.append(Line((), self.align))

    # One method for each command that prints or changes what is printed.

    def _initialize(self) -> None:
        self.runs, self.width = [], 0
        self.reset()

    def _feed_lines(self) -> None:
        for _ in range(self._byte()):
            self._feed()

    def _print_mode(self) -> None:
        mode = self._byte()
        self.style = replace(
            self.style,
            bold=bool(mode & 0x08),
            height=2 if mode & 0x10 else 1,
            width=2 if mode & 0x20 else 1,
            underline=bool(mode & 0x80),
        )

    def _size(self) -> None:
        size = self._byte()
        self.style = replace(self.style, width=(size >> 4 & 7) + 1, height=(size & 7) + 1)

    def _bold(self) -> None:
        self.style = replace(self.style, bold=bool(self._byte() & 1))

    def _underline(self) -> None:
        self.style = replace(self.style, underline=self._byte() not in (0, 48))

    def _invert(self) -> None:
        self.style = replace(self.style, invert=bool(self._byte() & 1))

    def _alignment(self) -> None:
        start, value = self.at - 2, self._byte()
        if value % 48 < len(_ALIGN):
            self.align = _ALIGN[value % 48]
        else:
            self._unknown(start, 3)

    def _code_page(self) -> None:
        start, number = self.at - 2, self._byte()
        if number in _PAGES:
            self.page = _PAGES[number]
        else:
            self._unknown(start, 3)

    def _cut(self) -> None:
        start, mode = self.at - 2, self._byte()
        if mode in (65, 66):
            self._byte()
        elif mode not in (0, 1, 48, 49):
            self._unknown(start, 3)
            return
        self.elements.append(CutMark(partial=mode in (1, 49, 66)))

    def _kick(self) -> None:
        start, (pin, _on, _off) = self.at - 2, self._take(3)
        if pin % 48 < len(_DRAWER_PINS):
            self.elements.append(Kick(_DRAWER_PINS[pin % 48]))
        else:
            self._unknown(start, 5)

    def _raster(self) -> None:
        mode, xl, xh, yl, yh = self._take(5)
        row, height = xl + 256 * xh, yl + 256 * yh
        pixels = self._take(row * height)
        wide, tall = 2 if mode & 1 else 1, 2 if mode & 2 else 1
        self.elements.append(Raster(pixels, row * 8, height, self.align, wide, tall))

    def _two_dimensional(self) -> None:
        start = self.at - 3
        low, high = self._take(2)
        body = self._take(low + 256 * high)
        code = self.qr.obey(body, self.align)
        if code is not None:
            self.elements.append(code)
        elif not self.qr.understood:
            self._unknown(start, self.at - start)


_COMMANDS: dict[bytes, Callable[[_Reader], None]] = {
    b"\x1b@": _Reader._initialize,
    b"\x1b!": _Reader._print_mode,
    b"\x1bE": _Reader._bold,
    b"\x1b-": _Reader._underline,
    b"\x1ba": _Reader._alignment,
    b"\x1bt": _Reader._code_page,
    b"\x1bd": _Reader._feed_lines,
    b"\x1d!": _Reader._size,
    b"\x1dB": _Reader._invert,
    b"\x1bp": _Reader._kick,
    b"\x1dV": _Reader._cut,
    b"\x1dv0": _Reader._raster,
    b"\x1d(k": _Reader._two_dimensional,
}
