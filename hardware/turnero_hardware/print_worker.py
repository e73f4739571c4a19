"""Takes jobs from the outbox to the printers, each printer in a lane of its own."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from turnero_core.clock import now
from turnero_core.i18n import N_
from turnero_core.ids import new_id
from turnero_hardware.escpos_render import TooLongError, UnprintableError, render
from turnero_hardware.models import Printer, PrintJob
from turnero_hardware.outbox import (
    LEASE,
    backoff,
    claim,
    report_failed,
    report_printed,
    waiting_printers,
)
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.profiles import UnknownProfileError, profile_named
from turnero_hardware.slip import Slip, SlipError
from turnero_hardware.transports import Transport

UNKNOWN_MODEL = N_("The printer's model is not known.")
UNPRINTABLE = N_("This slip cannot be printed.")
TOO_LONG = N_("This slip is longer than a metre and is not printed.")
SessionFactory = Callable[[], AbstractContextManager[Session]]

log = structlog.get_logger(__name__)


class PrintWorker:
    """`session_factory` opens a write transaction that commits at its end (`Database.write`);
    `transport_for` gives the transport of a printer's URI. No transaction is open while a
    printer is spoken to, and a printer that hangs holds up only its own lane."""

    def __init__(
        self,
        session_factory: SessionFactory,
        transport_for: Callable[[str], Transport],
        *,
        lanes: int = 16,
        lease: timedelta = LEASE,
        wait: Callable[[int], timedelta] = backoff,
    ) -> None:
        self._sessions = session_factory
        self._transport_for = transport_for
        self._lease, self._wait = lease, wait
        self._pool = ThreadPoolExecutor(lanes, thread_name_prefix="printer")
        self._busy: set[str] = set()
        self._guard = threading.Lock()
        self.name = f"{socket.gethostname()}:{os.getpid()}:{new_id()[-8:]}"

    def run_once(self) -> int:
        """Print what is due, wait for it, and tell how many jobs were handled."""
        return sum(lane.result() for lane in self.dispatch())

    def dispatch(self) -> list[Future[int]]:
        """Start a lane for every idle printer that has something due, and do not wait."""
        with self._sessions() as session:
            due = waiting_printers(session, now())
        idle = [printer_id for printer_id in due if self.reserve(printer_id)]
        return [self._pool.submit(self._lane, printer_id) for printer_id in idle]

    def reserve(self, printer_id: str) -> bool:
        """Keep a printer to oneself until `release`; False while somebody speaks to it."""
        with self._guard:
            free = printer_id not in self._busy
            self._busy.add(printer_id)
            return free

    def release(self, printer_id: str) -> None:
        with self._guard:
            self._busy.discard(printer_id)

    def close(self) -> None:
        """Let the lanes finish what they hold."""
        self._pool.shutdown(wait=True)

    def _lane(self, printer_id: str) -> int:
        handled = 0
        try:
            while self._print_next(printer_id):
                handled += 1
        except Exception:
            # The lease of what was claimed runs out and it prints again as a copy.
            log.exception("print_lane_broke", printer_id=printer_id)
        finally:
            self.release(printer_id)
        return handled

    def _print_next(self, printer_id: str) -> bool:
        with self._sessions() as session:
            job = claim(session, printer_id, self.name, now(), self._lease)
            printer = session.get_one(Printer, printer_id) if job else None
        if job is None or printer is None:
            return False
        try:
            data = _bytes_of(job, printer)
            self._transport_for(printer.uri).send(data)
        except PrinterError as error:
            log.warning("print_failed", printer=printer.code, job=job.id, detail=error.detail)
            with self._sessions() as session:
                report_failed(
                    session,
                    job.id,
                    self.name,
                    error,
                    now(),
                    attempt=job.attempts,
                    wait=self._wait,
                )
        else:
            with self._sessions() as session:
                report_printed(session, job.id, self.name, now(), attempt=job.attempts)
        return True


def _bytes_of(job: PrintJob, printer: Printer) -> bytes:
    try:
        slip = Slip.from_dict(job.slip)
        return render(slip, profile_named(printer.profile), copy=job.copy)
    except UnknownProfileError as error:
        raise PrinterError(UNKNOWN_MODEL, detail=str(error)) from error
    except TooLongError as error:
        raise PrinterError(TOO_LONG, permanent=True, detail=str(error)) from error
    except (SlipError, UnprintableError) as error:
        raise PrinterError(UNPRINTABLE, permanent=True, detail=str(error)) from error
