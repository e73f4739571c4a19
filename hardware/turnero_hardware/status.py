"""How a printer says it is: real-time answers (DLE EOT) and Automatic Status Back as one value.

The bits, from Epson's ESC/POS Command Reference (DLE EOT, GS a, GS r); `-` is reserved:

    bit           0        1       2         3         4  5            6             7
    DLE EOT 1     0        1       drawer    offline   1  recovering   feed button   0
    DLE EOT 2     0        1       cover     feeding   1  paper end    error         0
    DLE EOT 3     0        1       jam       cutter    1  broken       overheated    0
    DLE EOT 4     0        1       near end  near end  1  end          end           0
    ASB, first    0        0       drawer    offline   1  cover        feeding       0
    ASB, second   waiting  button  jam       cutter    0  broken       overheated    0
    ASB, third    near end near end end      end       0  -            -             0
    ASB, fourth   -        -       -         -         0  -            -             0
    GS r 1        near end near end end      end       0  -            -             0

Bits 0, 1, 4 and 7 tell the kinds apart, which matters because a printer may send an ASB packet
at any moment, and because models that speak another language answer with other bits: such an
answer says nothing, rather than that the printer is offline or has paper.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from turnero_core.i18n import N_

NO_PAPER = N_("The printer is out of paper.")
COVER_OPEN = N_("The printer's cover is open.")
CUTTER_STUCK = N_("The printer's cutter is stuck.")
BROKEN = N_("The printer reports an error.")
OFFLINE = N_("The printer is not ready.")
FAULTS = (NO_PAPER, COVER_OPEN, CUTTER_STUCK, BROKEN, OFFLINE)

REAL_TIME = b"\x10\x04"
PRINTER, CAUSE, ERROR, PAPER = 1, 2, 3, 4
#: Answered only after everything before it has been printed.
ORDERED = b"\x1dr\x01"
ASB_ON, ASB_OFF = b"\x1da\x0e", b"\x1da\x00"
ASB_LENGTH = 4


class Paper(StrEnum):
    OK = "ok"
    NEAR_END = "near_end"
    OUT = "out"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Where a status comes from; `NONE` is a printer that cannot be asked."""

    DLE_EOT = "dle_eot"
    ASB = "asb"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """What is known at `at`; None and `Paper.UNKNOWN` are what the printer did not say.

    `drawer_high` is the level of the drawer's pin 3; which level means open is the drawer's choice.
    """

    at: datetime
    source: Source = Source.NONE
    online: bool | None = None
    paper: Paper = Paper.UNKNOWN
    cover_open: bool | None = None
    cutter_error: bool | None = None
    error: bool | None = None
    drawer_high: bool | None = None

    @property
    def fault(self) -> str | None:
        """The message id of what keeps the printer from printing; None when nothing is known to."""
        reasons = (
            (self.cover_open, COVER_OPEN),
            (self.paper is Paper.OUT, NO_PAPER),
            (self.cutter_error, CUTTER_STUCK),
            (self.error, BROKEN),
            (self.online is False, OFFLINE),
        )
        return next((message for holds, message in reasons if holds), None)


def is_real_time(byte: int) -> bool:
    return byte & 0x93 == 0x12


def is_ordered(byte: int) -> bool:
    return byte & 0x90 == 0x00


def starts_asb(byte: int) -> bool:
    return byte & 0x93 == 0x10


def with_answer(known: PrinterStatus, request: int, byte: int) -> PrinterStatus:
    """`known` and what the answer to `DLE EOT request` adds; unchanged when it is no answer."""
    if not is_real_time(byte):
        return known
    known = replace(known, source=Source.DLE_EOT)
    if request == PRINTER:
        return replace(known, online=not byte & 0x08, drawer_high=bool(byte & 0x04))
    if request == CAUSE:
        error = known.error or bool(byte & 0x40)
        known = replace(known, cover_open=bool(byte & 0x04), error=error)
        return replace(known, paper=Paper.OUT) if byte & 0x20 else known
    if request == ERROR:
        error = bool(known.error) or bool(byte & 0x6C)
        return replace(known, cutter_error=bool(byte & 0x08), error=error)
    if known.paper is Paper.OUT:
        return known
    return replace(known, paper=_paper(out=byte & 0x60, near_end=byte & 0x0C))


def from_asb(packet: bytes, at: datetime) -> PrinterStatus | None:
    """The status in an Automatic Status Back packet; None when the four bytes are not one."""
    if len(packet) != ASB_LENGTH or not starts_asb(packet[0]):
        return None
    if not all(is_ordered(byte) for byte in packet[1:]):
        return None
    first, second, third = packet[:3]
    return PrinterStatus(
        at=at,
        source=Source.ASB,
        online=not first & 0x08,
        paper=_paper(out=third & 0x0C, near_end=third & 0x03),
        cover_open=bool(first & 0x20),
        cutter_error=bool(second & 0x08),
        error=bool(second & 0x6C),
        drawer_high=bool(first & 0x04),
    )


def answer_to(status: PrinterStatus, request: int) -> int:
    """The byte a printer in that state answers to `DLE EOT request`."""
    out, near = status.paper is Paper.OUT, status.paper in (Paper.OUT, Paper.NEAR_END)
    bits = {
        PRINTER: bool(status.drawer_high) * 0x04 | (status.online is False) * 0x08,
        CAUSE: bool(status.cover_open) * 0x04 | out * 0x20 | bool(status.error) * 0x40,
        ERROR: bool(status.cutter_error) * 0x08,
        PAPER: near * 0x0C | out * 0x60,
    }
    return 0x12 | bits[request]


def to_asb(status: PrinterStatus) -> bytes:
    """The packet a printer in that state sends by itself."""
    first = answer_to(status, PRINTER) & 0x0C | 0x10 | bool(status.cover_open) * 0x20
    return bytes([first, bool(status.cutter_error) * 0x08, answer_to_ordered(status), 0])


def answer_to_ordered(status: PrinterStatus) -> int:
    """The byte a printer in that state answers to `GS r 1`."""
    paper = answer_to(status, PAPER)
    return (paper & 0x0C) >> 2 | (paper & 0x60) >> 3


def _paper(*, out: int, near_end: int) -> Paper:
    if out:
        return Paper.OUT
    return Paper.NEAR_END if near_end else Paper.OK
