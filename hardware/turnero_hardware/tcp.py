"""Printers on the network: raw bytes to port 9100 and answers from it."""

from __future__ import annotations

import socket
from contextlib import suppress

from turnero_core.i18n import N_
from turnero_hardware.dialogue import (
    CLOSED,
    SILENT,
    STUCK,
    Asking,
    Timing,
    ask_status,
    deliver,
)
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.status import COVER_OPEN, NO_PAPER, OFFLINE, PrinterStatus

__all__ = [
    "CLOSED",
    "COVER_OPEN",
    "NO_PAPER",
    "OFFLINE",
    "REFUSED",
    "SILENT",
    "STUCK",
    "UNREACHABLE",
    "TcpTransport",
]

REFUSED = N_("The printer refuses the connection.")
UNREACHABLE = N_("The printer cannot be reached.")

_GOODBYE_S = 1.0


class TcpTransport:
    """One connection per job."""

    def __init__(
        self, host: str, port: int, *, asking: Asking = Asking.FULL, timing: Timing | None = None
    ) -> None:
        self.host, self.port = host, port
        self.asking = asking
        self.timing = timing or Timing()

    def send(self, data: bytes) -> None:
        with self._connected(self.timing.connect) as line:
            confirmed = deliver(_TcpLine(line), data, self.asking, self.timing)
            _say_goodbye(line, confirmed=confirmed)

    def status(self, timeout: float) -> PrinterStatus:
        with self._connected(timeout) as line:
            return ask_status(_TcpLine(line), timeout)

    def _connected(self, timeout: float) -> socket.socket:
        try:
            return socket.create_connection((self.host, self.port), timeout)
        except ConnectionRefusedError as error:
            raise PrinterError(REFUSED, detail=str(error)) from error
        except OSError as error:
            raise PrinterError(UNREACHABLE, detail=str(error)) from error


class _TcpLine:
    def __init__(self, line: socket.socket) -> None:
        self.line = line

    def write(self, data: memoryview, timeout: float) -> int:
        self.line.settimeout(max(0.01, timeout))
        return self.line.send(data)

    def read(self, timeout: float) -> bytes:
        self.line.settimeout(max(0.01, timeout))
        return self.line.recv(64)


def _say_goodbye(line: socket.socket, *, confirmed: bool) -> None:
    """Close in order. Of a printer that was asked nothing this is the only sign that it took the
    job; one that never closes its side is believed after a second."""
    try:
        line.shutdown(socket.SHUT_WR)
        line.settimeout(_GOODBYE_S)
        with suppress(TimeoutError):
            while not confirmed and line.recv(4096):
                pass
    except OSError as error:
        if not confirmed:
            raise PrinterError(CLOSED, fate_unknown=True, detail=str(error)) from error
