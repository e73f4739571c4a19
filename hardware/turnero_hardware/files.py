"""Printers that are a file: a device such as /dev/usb/lp0, or a folder that collects jobs.

The library's own file printer is not used: it makes a device that is missing, empties a plain
file, waits for ever while a printer has no paper, and cannot read.
"""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from turnero_core.clock import now
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_hardware.dialogue import Asking, NotTakenError, Timing, ask_status, deliver
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.status import PrinterStatus

NO_FOLDER = N_("The printer's file or folder does not exist.")
NO_PERMISSION = N_("The printer's file or folder may not be written to.")
NOT_WRITTEN = N_("The printer's file could not be written.")
UNPLUGGED = N_("The printer is unplugged or switched off.")

#: Opening a device whose printer is gone.
_GONE = (errno.ENODEV, errno.ENXIO)
#: Devices that only take bytes refuse to be opened for reading too.
_WRITE_ONLY = (errno.EACCES, errno.EINVAL, errno.EPERM)


class FileTransport:
    """`asking` matters for devices alone. Nothing is asked unless told to, as many cheap boards
    never say a word through such a device, and print."""

    def __init__(
        self, path: Path, *, asking: Asking = Asking.NO, timing: Timing | None = None
    ) -> None:
        self.path = path
        self.asking = asking
        self.timing = timing or Timing()

    def send(self, data: bytes) -> None:
        if self.path.is_dir():
            with _clear_errors():
                drop(self.path, data)
            return
        with self._opened() as line:
            asking = self.asking if line.can_read else Asking.NO
            deliver(line, data, asking, self.timing)
            line.settle()

    def status(self, timeout: float) -> PrinterStatus:
        unknown = PrinterStatus(at=now())
        if self.path.is_dir():
            return unknown
        with self._opened() as line:
            if self.asking is Asking.NO or not line.can_read:
                return unknown
            return ask_status(line, timeout)

    @contextmanager
    def _opened(self) -> Iterator[_FileLine]:
        with _clear_errors():
            line = _FileLine(self.path, reading=self.asking is not Asking.NO)
        try:
            yield line
        finally:
            line.close()


class _FileLine:
    """Never waits longer than it is told to, nor makes a file that is missing: it would swallow
    the slips of a printer that is unplugged."""

    def __init__(self, path: Path, *, reading: bool) -> None:
        self.can_read = False
        flags = os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY
        if reading and stat.S_ISCHR(path.stat().st_mode):
            try:
                self.handle = os.open(path, os.O_RDWR | flags)
                self.can_read = True
                return
            except OSError as error:
                if error.errno not in _WRITE_ONLY:
                    raise
        self.handle = os.open(path, os.O_WRONLY | flags)

    def write(self, data: memoryview, timeout: float) -> int:
        self._wait(select.POLLOUT, timeout)
        return os.write(self.handle, data)

    def read(self, timeout: float) -> bytes:
        self._wait(select.POLLIN, timeout)
        return os.read(self.handle, 64)

    def settle(self) -> None:
        if stat.S_ISREG(os.fstat(self.handle).st_mode):
            os.fsync(self.handle)

    def close(self) -> None:
        os.close(self.handle)

    def _wait(self, event: int, timeout: float) -> None:
        waiting = select.poll()
        waiting.register(self.handle, event)
        if not waiting.poll(max(0.01, timeout) * 1000):
            raise NotTakenError(f"not ready in {timeout:.1f} s")


@contextmanager
def _clear_errors() -> Iterator[None]:
    """What goes wrong before a job has begun."""
    try:
        yield
    except FileNotFoundError as error:
        raise PrinterError(NO_FOLDER, detail=str(error)) from error
    except PermissionError as error:
        raise PrinterError(NO_PERMISSION, detail=str(error)) from error
    except OSError as error:
        gone = error.errno in _GONE
        raise PrinterError(UNPLUGGED if gone else NOT_WRITTEN, detail=str(error)) from error


def drop(folder: Path, data: bytes, kind: str = "bin") -> Path:
    """Put a job in `folder` as a file that is never seen half written; names sort by age."""
    name = f"{now():%Y%m%dT%H%M%S}-{new_id()}"
    draft = folder / f".{name}.part"
    draft.write_bytes(data)
    return draft.rename(folder / f"{name}.{kind}")
