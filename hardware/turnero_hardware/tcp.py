"""Printers on the network: raw bytes to port 9100, and the status the printer tells (DLE EOT).

TCP alone cannot say that a printer took a job: a small one fits in buffers on the way even when
nobody reads it. So the printer is asked for its status before, to learn that somebody is there
and has paper, and again after the last byte; real-time requests are answered in order of arrival.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from time import monotonic

from turnero_core.i18n import N_
from turnero_hardware.printer_error import PrinterError

REFUSED = N_("The printer refuses the connection.")
UNREACHABLE = N_("The printer cannot be reached.")
SILENT = N_("The printer does not answer.")
CLOSED = N_("The printer closed the connection in the middle of the job.")
STUCK = N_("The printer stopped taking data.")
NO_PAPER = N_("The printer is out of paper.")
COVER_OPEN = N_("The printer's cover is open.")
OFFLINE = N_("The printer is not ready.")

ASK_PRINTER, ASK_CAUSE, ASK_PAPER = b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04"
OFFLINE_BIT, COVER_BIT, PAPER_END_BITS = 0x08, 0x04, 0x60
_CHUNK = 4096


class TcpTransport:
    """One connection per job. All timeouts are seconds; `total` is the most a job may take and
    has to stay below the lease of a print job."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        connect_timeout: float = 4,
        answer_timeout: float = 4,
        total: float = 20,
        ask_status: bool = True,
    ) -> None:
        self.host, self.port = host, port
        self.connect_timeout = connect_timeout
        self.answer_timeout = answer_timeout
        self.total = total
        self.ask_status = ask_status

    def send(self, data: bytes) -> None:
        deadline = monotonic() + self.total
        with self._connected() as line:
            if self.ask_status:
                self._check_ready(line)
            self._deliver(line, data, deadline)
            self._confirm(line, deadline)

    def _connected(self) -> socket.socket:
        try:
            return socket.create_connection((self.host, self.port), self.connect_timeout)
        except ConnectionRefusedError as error:
            raise PrinterError(REFUSED, detail=str(error)) from error
        except OSError as error:
            raise PrinterError(UNREACHABLE, detail=str(error)) from error

    def _check_ready(self, line: socket.socket) -> None:
        try:
            if self._ask(line, ASK_PAPER) & PAPER_END_BITS:
                raise PrinterError(NO_PAPER)
            if self._ask(line, ASK_PRINTER) & OFFLINE_BIT:
                cause = self._ask(line, ASK_CAUSE)
                raise PrinterError(COVER_OPEN if cause & COVER_BIT else OFFLINE)
        except TimeoutError as error:
            raise PrinterError(SILENT, detail=str(error)) from error
        except OSError as error:
            raise PrinterError(CLOSED, detail=str(error)) from error

    def _deliver(self, line: socket.socket, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        try:
            while view:
                line.settimeout(max(0.01, min(self.answer_timeout, deadline - monotonic())))
                view = view[line.send(view[:_CHUNK]) :]
                if view and monotonic() > deadline:
                    raise PrinterError(STUCK, fate_unknown=True)
        except TimeoutError as error:
            raise PrinterError(STUCK, fate_unknown=True, detail=str(error)) from error
        except OSError as error:
            raise PrinterError(CLOSED, fate_unknown=True, detail=str(error)) from error

    def _confirm(self, line: socket.socket, deadline: float) -> None:
        """Learn as far as TCP allows that the last byte arrived."""
        try:
            if self.ask_status:
                # A slow printer reads the request only after the whole job.
                patience = max(0.01, deadline - monotonic())
                if self._ask(line, ASK_PAPER, patience) & PAPER_END_BITS:
                    raise PrinterError(NO_PAPER, fate_unknown=True)
            line.shutdown(socket.SHUT_WR)
            line.settimeout(1)
            # Printers that never close their side are believed after a second.
            with suppress(TimeoutError):
                while line.recv(_CHUNK):
                    pass
        except TimeoutError as error:
            raise PrinterError(STUCK, fate_unknown=True, detail=str(error)) from error
        except OSError as error:
            raise PrinterError(CLOSED, fate_unknown=True, detail=str(error)) from error

    def _ask(self, line: socket.socket, request: bytes, timeout: float | None = None) -> int:
        line.settimeout(timeout or self.answer_timeout)
        line.sendall(request)
        answer = line.recv(1)
        if not answer:
            raise ConnectionAbortedError("closed without an answer")
        return answer[0]
