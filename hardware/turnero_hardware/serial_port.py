"""Printers on a serial port, through python-escpos and pyserial.

The library's device has no limit for writing, and closing it waits until all is sent: a printer
that holds the line back (no paper) would be waited for without end.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from time import monotonic, sleep
from typing import Any

from turnero_core.i18n import N_
from turnero_hardware.dialogue import STUCK, Asking, Timing, ask_status, deliver
from turnero_hardware.escpos_library import DeviceNotFoundError, Serial
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.status import PrinterStatus

NO_LIBRARY = N_("This machine cannot use serial printers: pyserial is missing.")
NO_PORT = N_("The serial port does not exist.")
NOT_ALLOWED = N_("This user may not use the serial port.")
NOT_OPENED = N_("The serial port could not be opened.")

#: A slip with a logo takes a while at 9600 bits a second; still below the lease of a job.
SLOW_LINE = Timing(total=25)
#: The system keeps what the line has not taken yet, and takes the rest as it goes.
_STEP = 512


class Flow(StrEnum):
    """How the printer says that its memory is full."""

    DTR = "dtr"
    RTS = "rts"
    XON = "xon"
    NONE = "none"


class SerialTransport:
    def __init__(
        self,
        port: str,
        baud: int = 9600,
        flow: Flow = Flow.DTR,
        *,
        asking: Asking = Asking.FULL,
        timing: Timing = SLOW_LINE,
    ) -> None:
        self.port, self.baud, self.flow = port, baud, flow
        self.asking, self.timing = asking, timing

    def send(self, data: bytes) -> None:
        with self._opened() as line:
            deliver(line, data, self.asking, self.timing)
            line.drain(self.timing.answer)

    def status(self, timeout: float) -> PrinterStatus:
        with self._opened() as line:
            return ask_status(line, timeout)

    @contextmanager
    def _opened(self) -> Iterator[_SerialLine]:
        try:
            device = Serial(
                self.port,
                self.baud,
                xonxoff=self.flow is Flow.XON,
                dsrdtr=self.flow is Flow.DTR,
            )
            device.open()
        except RuntimeError as error:
            raise PrinterError(NO_LIBRARY, detail=str(error)) from error
        except DeviceNotFoundError as error:
            number = getattr(error.__context__, "errno", None) or 0
            message = {errno.ENOENT: NO_PORT, errno.EACCES: NOT_ALLOWED}.get(number, NOT_OPENED)
            raise PrinterError(message, detail=str(error)) from error
        port = device.device
        port.rtscts = self.flow is Flow.RTS
        try:
            yield _SerialLine(port)
        finally:
            _close(port)


class _SerialLine:
    def __init__(self, port: Any) -> None:
        self.port = port

    def write(self, data: memoryview, timeout: float) -> int:
        from serial import SerialTimeoutException  # type: ignore[import-untyped]

        self.port.write_timeout = max(0.01, timeout)
        try:
            return int(self.port.write(bytes(data[:_STEP])))
        except SerialTimeoutException as error:
            raise TimeoutError(str(error)) from error

    def read(self, timeout: float) -> bytes:
        self.port.timeout = max(0.01, timeout)
        found = bytes(self.port.read(1))
        if not found:
            raise TimeoutError(f"nothing came from {self.port.name}")
        return found + bytes(self.port.read(self.port.in_waiting))

    def drain(self, timeout: float) -> None:
        """Wait for what the system still holds, which closing would throw away."""
        end = monotonic() + timeout
        while self.port.out_waiting:
            if monotonic() > end:
                raise PrinterError(STUCK, fate_unknown=True, detail="the port did not empty")
            sleep(0.01)


def _close(port: Any) -> None:
    """Without waiting for what a printer in trouble does not take."""
    try:
        port.reset_output_buffer()
    except OSError:
        # The adapter is unplugged.
        pass
    finally:
        port.close()
