"""The demonstration's printers: their trays, and the ways in which a visitor may break them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from turnero_core.clock import now
from turnero_core.settings import Settings
from turnero_hardware import status
from turnero_hardware.escpos_read import read
from turnero_hardware.paper import paper_png
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.profiles import PROFILES
from turnero_hardware.status import PrinterStatus
from turnero_hardware.tcp import NO_PAPER, UNREACHABLE
from turnero_hardware.transports import Transport, TrayTransport, transport_for
from turnero_hardware.virtual_printer import CONTROL_FILE, Fault
from turnero_server.printing import Transports, tray

# The faults a visitor may choose; mending is `Fault.NONE`.
FAULTS = (Fault.PAPER_OUT, Fault.REFUSE, Fault.SLOW)
ERRORS = {Fault.PAPER_OUT: NO_PAPER, Fault.REFUSE: UNREACHABLE}
SLOW_S = 6.0
# Slips kept in a tray; older ones go when another falls.
KEPT = 200


@dataclass(frozen=True)
class Paper:
    """A printed slip: `id` is its file's name, `text` what stands on it, line by line."""

    id: str
    printer: str
    at: datetime
    text: str


class DemoPrinter:
    """A tray that fails as its control file says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, data: bytes) -> None:
        fault = fault_of(self.folder)
        if fault in ERRORS:
            raise PrinterError(ERRORS[fault])
        if fault is Fault.SLOW:
            time.sleep(SLOW_S)
        TrayTransport(self.folder).send(data)
        for old in _files(self.folder)[KEPT:]:
            old.unlink(missing_ok=True)

    def status(self, _timeout: float) -> PrinterStatus:
        """What a real one in that state would answer."""
        fault = fault_of(self.folder)
        if fault is Fault.REFUSE:
            raise PrinterError(UNREACHABLE)
        out = fault is Fault.PAPER_OUT
        paper = status.Paper.OUT if out else status.Paper.OK
        return PrinterStatus(now(), status.Source.DLE_EOT, online=not out, paper=paper)


def transports(settings: Settings) -> Transports:
    def find(uri: str) -> Transport:
        folder = tray(settings, uri)
        return DemoPrinter(folder) if is_virtual(uri) else transport_for(uri, tray=folder)

    return find


def is_virtual(uri: str) -> bool:
    return uri.startswith("virtual:")


def fault_of(folder: Path) -> Fault:
    file = folder / CONTROL_FILE
    word = file.read_text("utf-8").strip() if file.is_file() else ""
    return Fault(word) if word in list(Fault) else Fault.NONE


def break_it(folder: Path, fault: Fault) -> None:
    """Let the printer fail in this way from its next job on; `Fault.NONE` mends it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONTROL_FILE).write_text(fault, "utf-8")


def papers(folder: Path, printer: str, most: int) -> Iterator[Paper]:
    """The newest slips in a tray, newest first."""
    for file in _files(folder)[:most]:
        at = datetime.strptime(file.stem.partition("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        yield Paper(file.stem, printer, at, _text(file))


def picture(folder: Path, paper_id: str, profile: str) -> bytes | None:
    """The PNG of a slip's paper; None when it is not in the tray."""
    file = folder / f"{paper_id}.bin"
    found = PROFILES.get(profile, PROFILES["80mm"])
    return _drawn(file, found.dots) if file.parent == folder and file.is_file() else None


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.bin"), reverse=True)


# A job's file never changes, so its name is enough to remember it by.
@lru_cache(maxsize=256)
def _text(file: Path) -> str:
    return read(file.read_bytes()).text


@lru_cache(maxsize=64)
def _drawn(file: Path, dots: int) -> bytes:
    return paper_png(file.read_bytes(), dots)
