"""Parts of ESC/POS that the reader needs and that stand on their own."""

from __future__ import annotations

from dataclasses import dataclass

from turnero_hardware.escpos_reading import Align, Code

#: Commands that change nothing that can be seen here, and how many bytes follow them.
QUIET = {
    b"\x1b2": 0,
    b"\x1b3": 1,
    b"\x1bR": 1,
    b"\x1bM": 1,
    b"\x1b=": 1,
    b"\x1bc5": 1,
    b"\x1b{": 1,
    b"\x1c.": 0,
    b"\x1db": 1,
    b"\x1d|": 1,
    b"\x1dr": 1,
    b"\x1da": 1,
    b"\x10\x04": 1,
}

#: What a QR code of the strongest correction holds.
_MOST_BYTES = 1273
_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}


@dataclass(slots=True)
class QrStore:
    """What a printer remembers between the functions of `GS ( k` until it prints the code."""

    data: bytes = b""
    dots: int = 3
    level: str = "L"
    understood: bool = True

    def obey(self, body: bytes, align: Align) -> Code | None:
        """Do one function (its bytes after the length); the code, when this one prints it.
        `understood` tells whether it was a QR function with sensible values."""
        kind, function, rest = body[0:1], body[1:2], body[2:]
        self.understood = (
            kind == b"1" and function in (b"A", b"C", b"E", b"P", b"Q") and rest != b""
        )
        if not self.understood:
            return None
        if function == b"C":
            self.dots = rest[0]
        elif function == b"E":
            self.level = _LEVELS.get(rest[0], "L")
        elif function == b"P":
            self.data = rest[1:]
        elif function == b"Q":
            return self._print(align)
        return None

    def _print(self, align: Align) -> Code | None:
        self.understood = 0 < len(self.data) <= _MOST_BYTES and 1 <= self.dots <= 16
        if not self.understood:
            return None
        return Code(self.data.decode("utf-8", "replace"), self.dots, self.level, align)
