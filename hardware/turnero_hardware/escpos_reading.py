"""What stands on the paper after a print, as values that tests and pictures are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Style:
    """`width` and `height` are the multiples of `GS !`, 1 to 8."""

    width: int = 1
    height: int = 1
    bold: bool = False
    underline: bool = False
    invert: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that share one style."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; without runs it is blank paper."""

    runs: tuple[Run, ...]
    align: Align = "left"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def style(self) -> Style:
        """The style the line begins with."""
        return self.runs[0].style if self.runs else Style()


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code the printer draws by itself: `dots` to a module, correction L, M, Q or H."""

    data: str
    dots: int
    level: str
    align: Align


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture: one bit a dot, rows padded to whole bytes, a set bit is black."""

    pixels: bytes
    width: int
    height: int
    align: Align
    stretch_x: int = 1
    stretch_y: int = 1


@dataclass(frozen=True, slots=True)
class CutMark:
    partial: bool


@dataclass(frozen=True, slots=True)
class Kick:
    """The cash drawer on that pin is opened."""

    pin: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bytes no rule here explains, and where in the job they stand."""

    offset: int
    data: bytes


Element = Line | Code | Raster | CutMark | Kick | Unknown


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole job, from top to bottom."""

    elements: tuple[Element, ...]

    @property
    def lines(self) -> list[Line]:
        """The lines with something on them."""
        return [item for item in self.elements if isinstance(item, Line) and item.text.strip()]

    @property
    def text(self) -> str:
        return "\n".join(line.text.strip() for line in self.lines)

    @property
    def codes(self) -> list[Code]:
        return [item for item in self.elements if isinstance(item, Code)]

    @property
    def pictures(self) -> list[Raster]:
        return [item for item in self.elements if isinstance(item, Raster)]

    @property
    def cuts(self) -> list[CutMark]:
        return [item for item in self.elements if isinstance(item, CutMark)]

    @property
    def kicks(self) -> list[Kick]:
        return [item for item in self.elements if isinstance(item, Kick)]

    @property
    def unknown(self) -> list[Unknown]:
        return [item for item in self.elements if isinstance(item, Unknown)]
