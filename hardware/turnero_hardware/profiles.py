"""What each printer can do. Figures come from python-escpos's printer database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

#: Python codec of each code page and its `ESC t` number; the first is the printer's usual one.
EPSON_PAGES: Mapping[str, int] = MappingProxyType(
    {"cp858": 19, "cp850": 2, "cp437": 0, "cp860": 3, "cp1252": 16}
)
#: Older boards lack page 858, so the euro sign is printed from Windows-1252.
BASIC_PAGES: Mapping[str, int] = MappingProxyType(
    {"cp850": 2, "cp437": 0, "cp860": 3, "cp1252": 16}
)

CELL_WIDTH = 12
CELL_HEIGHT = 24


class UnknownProfileError(ValueError):
    """A profile name that is not in `PROFILES`."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of printer: `dots` across the printable width, `columns` of 12-dot letters. A
    `cutter` leaves a bridge of paper, so that slips do not fall, unless it makes a `full_cut`."""

    name: str
    escpos: str
    paper_mm: int
    dots: int
    columns: int
    native_qr: bool
    cutter: bool
    tail_lines: int
    pages: Mapping[str, int] = field(default_factory=lambda: EPSON_PAGES)
    full_cut: bool = False


_ALL = (
    Profile("80mm", "TM-T20II", 80, 576, 48, native_qr=True, cutter=True, tail_lines=1),
    Profile("80mm-42", "TM-T88V", 80, 512, 42, native_qr=True, cutter=True, tail_lines=1),
    Profile(
        "80mm-full",
        "TM-T20II",
        80,
        576,
        48,
        native_qr=True,
        cutter=True,
        tail_lines=1,
        full_cut=True,
    ),
    Profile("58mm", "Sunmi-V2", 58, 384, 32, native_qr=True, cutter=True, tail_lines=3),
    Profile(
        "58mm-basic",
        "ZJ-5870",
        58,
        384,
        32,
        native_qr=False,
        cutter=False,
        tail_lines=5,
        pages=BASIC_PAGES,
    ),
)

PROFILES: Mapping[str, Profile] = MappingProxyType({profile.name: profile for profile in _ALL})


def profile_named(name: str) -> Profile:
    """The profile called `name`; `UnknownProfileError` lists the names there are."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfileError(f"{name!r}; known: {', '.join(PROFILES)}") from None
