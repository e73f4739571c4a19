"""How bytes reach a printer: one method to send, one exception when they may not have arrived."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from turnero_core.clock import now
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.tcp import TcpTransport

DEFAULT_PORT = 9100
BAD_URI = N_("The printer's address cannot be used.")
NO_FOLDER = N_("The printer's file or folder does not exist.")
NO_PERMISSION = N_("The printer's file or folder may not be written to.")
NOT_WRITTEN = N_("The printer's file could not be written.")


class Transport(Protocol):
    """A cable. `send` returns once the printer has taken the whole job."""

    def send(self, data: bytes) -> None:
        """Deliver one job, or raise `PrinterError`."""


class MemoryTransport:
    """Keeps what it is sent in `jobs`; raises `error` instead while one is set."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self.error: PrinterError | None = None

    def send(self, data: bytes) -> None:
        if self.error:
            raise self.error
        self.jobs.append(data)


class FileTransport:
    """A device file such as /dev/usb/lp0, or a folder that gets one .bin file per job."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, data: bytes) -> None:
        try:
            if self.path.is_dir():
                drop(self.path, data)
            else:
                self._write(data)
        except FileNotFoundError as error:
            raise PrinterError(NO_FOLDER, detail=str(error)) from error
        except PermissionError as error:
            raise PrinterError(NO_PERMISSION, detail=str(error)) from error
        except OSError as error:
            maybe = error.errno not in (errno.ENODEV, errno.ENXIO, errno.ENOENT)
            raise PrinterError(NOT_WRITTEN, fate_unknown=maybe, detail=str(error)) from error

    def _write(self, data: bytes) -> None:
        """Append to a plain file, write to a device; a missing one is not made, for it would
        swallow the slips of a printer that is unplugged."""
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        with os.fdopen(handle, "wb", buffering=0) as device:
            view = memoryview(data)
            while view:
                view = view[device.write(view) :]
            if stat.S_ISREG(os.fstat(device.fileno()).st_mode):
                os.fsync(device.fileno())


class TrayTransport:
    """The printer that comes with the product: a folder of jobs, made when first used."""

    def __init__(self, tray: Path) -> None:
        self.tray = tray

    def send(self, data: bytes) -> None:
        try:
            self.tray.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PrinterError(NO_FOLDER, detail=str(error)) from error
        FileTransport(self.tray).send(data)


def drop(folder: Path, data: bytes) -> Path:
    """Put a job in `folder` as a .bin file that is never seen half written; names sort by age."""
    name = f"{now():%Y%m%dT%H%M%S}-{new_id()}"
    draft = folder / f".{name}.part"
    draft.write_bytes(data)
    return draft.rename(folder / f"{name}.bin")


def transport_for(uri: str, *, tray: Path) -> Transport:
    """The transport of a printer's address; `PrinterError` when there is none.

    `tcp://host:9100` (`?status=no` for printers that answer no status request),
    `file:///dev/usb/lp0`, `file:///folder`, and `virtual://tray` for the folder `tray`.
    """
    try:
        parts = urlsplit(uri)
        if parts.scheme == "tcp" and parts.hostname:
            asks = parse_qs(parts.query).get("status") != ["no"]
            return TcpTransport(parts.hostname, parts.port or DEFAULT_PORT, ask_status=asks)
    except ValueError as error:
        raise PrinterError(BAD_URI, detail=str(error)) from error
    if parts.scheme == "file" and parts.path.startswith("/"):
        return FileTransport(Path(parts.path))
    if parts.scheme == "virtual":
        return TrayTransport(tray)
    raise PrinterError(BAD_URI, detail=uri)


def profile_of(uri: str, fallback: str = "80mm") -> str:
    """The profile an address asks for, as in `tcp://host:9100?profile=58mm`."""
    return parse_qs(urlsplit(uri).query).get("profile", [fallback])[0]
