"""How bytes reach a printer: one method to send, one exception when they may not have arrived."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, runtime_checkable
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from turnero_core.clock import now
from turnero_core.i18n import N_
from turnero_hardware import cups
from turnero_hardware.dialogue import Asking
from turnero_hardware.files import NO_FOLDER, FileTransport
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.serial_port import Flow, SerialTransport
from turnero_hardware.status import PrinterStatus
from turnero_hardware.tcp import TcpTransport
from turnero_hardware.usb import UsbTransport

DEFAULT_PORT = 9100
BAD_URI = N_("The printer's address cannot be used.")


class Transport(Protocol):
    """A cable. `send` returns once the printer has taken the whole job."""

    def send(self, data: bytes) -> None:
        """Deliver one job, or raise `PrinterError`."""


@runtime_checkable
class TellingTransport(Protocol):
    """A cable through which a printer may say how it is."""

    def status(self, timeout: float) -> PrinterStatus:
        """What it says; `PrinterError` when it should answer and does not."""


def read_status(transport: Transport, timeout: float) -> PrinterStatus:
    """How the printer at the other end is; all unknown where it has no way to say so."""
    if isinstance(transport, TellingTransport):
        return transport.status(timeout)
    return PrinterStatus(at=now())


class MemoryTransport:
    """Keeps what it is sent in `jobs`; raises `error` instead while one is set."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self.error: PrinterError | None = None

    def send(self, data: bytes) -> None:
        if self.error:
            raise self.error
        self.jobs.append(data)


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


def transport_for(uri: str, *, tray: Path) -> Transport:
    """The transport of a printer's address; `PrinterError` when there is none.

    - `tcp://host:9100`
    - `usb://04b8:0e15` or `usb://04b8:0e15/SERIAL`: vendor and product as hexadecimal numbers
    - `serial:///dev/ttyS0?baud=9600&flow=dtr` (flow: dtr, rts, xon or none)
    - `cups://queue` or `cups://queue@host`
    - `file:///dev/usb/lp0` or `file:///folder`
    - `virtual://tray` for the folder `tray`

    With `?status=realtime` a printer is not asked whether it finished, with `?status=no` nothing.
    """
    try:
        parts = urlsplit(uri)
        if parts.scheme == "virtual":
            return TrayTransport(tray)
        return _MAKERS[parts.scheme](parts, _options(parts))
    except (ValueError, KeyError) as error:
        raise PrinterError(BAD_URI, detail=f"{uri}: {error}") from error


def profile_of(uri: str, fallback: str = "80mm") -> str:
    """The profile an address asks for, as in `tcp://host:9100?profile=58mm`."""
    return _options(urlsplit(uri)).get("profile", fallback)


def _options(parts: SplitResult) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(parts.query).items()}


def _tcp(parts: SplitResult, options: Mapping[str, str]) -> Transport:
    if not parts.hostname:
        raise ValueError("it names no host")
    return TcpTransport(parts.hostname, parts.port or DEFAULT_PORT, asking=_asking(options))


def _usb(parts: SplitResult, options: Mapping[str, str]) -> Transport:
    ids = re.fullmatch(r"([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4})", parts.netloc)
    if not ids:
        raise ValueError("it names no vendor and product")
    vendor, product = (int(number, 16) for number in ids.groups())
    return UsbTransport(vendor, product, unquote(parts.path.strip("/")), asking=_asking(options))


def _serial(parts: SplitResult, options: Mapping[str, str]) -> Transport:
    baud, flow = int(options.get("baud", "9600")), Flow(options.get("flow", Flow.DTR))
    if baud <= 0:
        raise ValueError(f"no speed: {baud}")
    return SerialTransport(_path(parts), baud, flow, asking=_asking(options))


def _cups(parts: SplitResult, _options: Mapping[str, str]) -> Transport:
    queue, _, host = parts.netloc.partition("@")
    if not cups.QUEUE.fullmatch(queue) or (host and not cups.HOST.fullmatch(host)):
        raise ValueError("it names no queue")
    return cups.CupsTransport(queue, host)


def _file(parts: SplitResult, options: Mapping[str, str]) -> Transport:
    return FileTransport(Path(_path(parts)), asking=_asking(options, Asking.NO))


def _path(parts: SplitResult) -> str:
    if not parts.path.startswith("/") or parts.netloc:
        raise ValueError("it names no path")
    return parts.path


def _asking(options: Mapping[str, str], fallback: Asking = Asking.FULL) -> Asking:
    return Asking(options.get("status", fallback))


_Maker = Callable[[SplitResult, Mapping[str, str]], Transport]
_MAKERS: Mapping[str, _Maker] = MappingProxyType(
    {"tcp": _tcp, "usb": _usb, "serial": _serial, "cups": _cups, "file": _file}
)
