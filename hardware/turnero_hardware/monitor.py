"""Asks idle printers how they are, and keeps what they say in their rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import monotonic

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from turnero_core.clock import now
from turnero_hardware.dialogue import SILENT
from turnero_hardware.models import JobState, Printer, PrinterState, PrintJob
from turnero_hardware.outbox import retry_now
from turnero_hardware.outbox_rows import announce
from turnero_hardware.print_worker import PrintWorker
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.profiles import PROFILES
from turnero_hardware.serial_port import NO_PORT
from turnero_hardware.status import FAULTS, Paper, PrinterStatus, Source
from turnero_hardware.tcp import REFUSED, UNREACHABLE
from turnero_hardware.transports import TellingTransport, Transport
from turnero_hardware.usb import NOT_PLUGGED

SessionFactory = Callable[[], AbstractContextManager[Session]]
EVERY_S = 3.0
#: A printer in good health is noted as seen this often, not at every look.
SEEN_EVERY_S = 60.0
#: Failures that are over when the printer answers that it is well, and of which nothing can have
#: reached the paper.
MENDABLE = (*FAULTS, REFUSED, UNREACHABLE, SILENT, NOT_PLUGGED, NO_PORT)
_LANES = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    state: PrinterState
    paper: Paper
    error: str | None
    seen: bool


class PrinterMonitor:
    """`read` and `write` open units of work; `worker` is whoever prints in this process, so that
    a printer is never asked while it prints; `freed` is called when one may be printed on again.
    Printers that cannot say how they are are left alone, those whose model nobody knows, and
    those that an agent drives."""

    def __init__(
        self,
        read: SessionFactory,
        write: SessionFactory,
        transport_for: Callable[[str], Transport],
        worker: PrintWorker,
        *,
        freed: Callable[[], None] = lambda: None,
        timeout: float = 1.5,
        every: float = EVERY_S,
    ) -> None:
        self._read, self._write = read, write
        self._transport_for = transport_for
        self._worker, self._freed = worker, freed
        self._timeout, self._every = timeout, every
        self._due_at = 0.0
        self._pool = ThreadPoolExecutor(_LANES, thread_name_prefix="printer-status")

    def look_if_due(self) -> None:
        """Start a round when the last one is `every` seconds ago, and do not wait for it."""
        if monotonic() < self._due_at:
            return
        self._due_at = monotonic() + self._every
        for printer_id, uri in self._idle():
            try:
                self._pool.submit(self.look_at, printer_id, uri)
            except RuntimeError:
                # Closed meanwhile, from another thread: nobody looks any more.
                return

    def look(self) -> None:
        """One whole round."""
        for printer_id, uri in self._idle():
            self.look_at(printer_id, uri)

    def look_at(self, printer_id: str, uri: str) -> None:
        """Ask one printer, unless it is being printed on, and note what it says."""
        try:
            transport = self._transport_for(uri)
            if not isinstance(transport, TellingTransport):
                return
            found = self._ask(printer_id, transport)
            if found is not None:
                self._note(printer_id, found)
        except PrinterError as error:
            log.info("printer_not_watched", printer_id=printer_id, detail=error.detail)
        except Exception:
            log.exception("printer_look_broke", printer_id=printer_id)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _idle(self) -> list[tuple[str, str]]:
        printing = select(PrintJob.printer_id).where(PrintJob.state == JobState.CLAIMED)
        idle = select(Printer.id, Printer.uri).where(
            Printer.id.not_in(printing),
            Printer.profile.in_(list(PROFILES)),
            Printer.device_id.is_(None),
        )
        with self._read() as session:
            return [(row.id, row.uri) for row in session.execute(idle)]

    def _ask(self, printer_id: str, transport: TellingTransport) -> _Found | None:
        if not self._worker.reserve(printer_id):
            return None
        try:
            return _found(transport.status(self._timeout))
        except PrinterError as error:
            return _Found(PrinterState.FAILING, Paper.UNKNOWN, error.message, seen=False)
        finally:
            self._worker.release(printer_id)
            self._freed()

    def _note(self, printer_id: str, found: _Found) -> None:
        """Write what has changed. What waits for a printer that is seen mended prints at once;
        after other failures, such as a connection lost in the middle, tries stay apart."""
        at = now()
        with self._read() as session:
            printer = session.get(Printer, printer_id)
            if printer is None or not _differs(printer, found):
                return
            mended = found.state is PrinterState.READY and printer.last_error in MENDABLE
        with self._write() as session:
            if mended:
                retry_now(session, printer_id, at)
            printer = session.get(Printer, printer_id)
            if printer is None:
                return
            changed = (printer.state, printer.paper) != (found.state, found.paper)
            printer.state, printer.paper, printer.last_error = found.state, found.paper, found.error
            if found.seen:
                printer.last_seen_at = at
            if changed:
                announce(session, "printer")


def _found(status: PrinterStatus) -> _Found | None:
    if status.source is Source.NONE:
        return None
    state = PrinterState.FAILING if status.fault else PrinterState.READY
    return _Found(state, status.paper, status.fault, seen=True)


def _differs(printer: Printer, found: _Found) -> bool:
    stored = (printer.state, printer.paper, printer.last_error)
    if stored != (found.state, found.paper, found.error):
        return True
    last = printer.last_seen_at
    return found.seen and (last is None or (now() - last).total_seconds() > SEEN_EVERY_S)
