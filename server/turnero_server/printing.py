"""Prints what the outbox holds, in the process that leads: at once when a job is committed; and
asks the printers that are idle how they are."""

import queue
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_core.settings import Settings
from turnero_hardware import outbox
from turnero_hardware.monitor import PrinterMonitor
from turnero_hardware.print_worker import PrintWorker
from turnero_hardware.transports import Transport, transport_for

# Wake-ups travel with the commit; this is for those that were lost, and for retries that fall due.
POLL_S = 1.0
# What may be finished before the process ends; the rest prints again, marked as a copy.
GRACE_S = 1.5
TRAY = "tray"
# Under this name an application may keep transports other than these.
TRANSPORTS = "turnero_transports"
Transports = Callable[[str], Transport]
log = structlog.get_logger()


def transports(settings: Settings) -> Transports:
    """A printer's address -> its transport; virtual printers drop into the instance's tray."""
    return lambda uri: transport_for(uri, tray=tray(settings, uri))


def tray(settings: Settings, uri: str = "virtual://tray") -> Path:
    """Where a virtual printer's slips fall: `virtual://hall` has a folder `hall` of its own."""
    folder = settings.instance / TRAY
    name = uri.partition("://")[2]
    own = name != TRAY and re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name)
    return folder / name if own else folder


class Printing:
    """`leads` says whether this process is the one that prints. Start it once in each."""

    def __init__(
        self, database: Database, hub: Hub, transport_for: Transports, leads: Callable[[], bool]
    ) -> None:
        self._database = database
        self._hub = hub
        self._leads = leads
        self._worker = PrintWorker(database.write, transport_for)
        self._monitor = PrinterMonitor(
            database.read, database.write, transport_for, self._worker, freed=self._wake
        )
        self._lanes: set[Future[int]] = set()
        self._stopping = False
        self._woken = hub.subscribe(outbox.TOPIC)
        self._thread = threading.Thread(target=self._run, name="printing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more, and give what is being printed a moment to end."""
        if self._stopping:
            return
        self._stopping = True
        self._hub.unsubscribe(self._woken)
        self._monitor.close()
        self._wake()
        wait(list(self._lanes), timeout=GRACE_S)

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._print_due()
                if self._leads() and not self._stopping:
                    self._monitor.look_if_due()
            except SQLAlchemyError as error:
                log.warning("printing_paused", error=str(error))
            self._sleep()

    def _print_due(self) -> None:
        if not self._leads() or not self._is_due():
            return
        for lane in self._worker.dispatch():
            self._lanes.add(lane)
            lane.add_done_callback(self._ended)

    def _is_due(self) -> bool:
        """Asked by reading, so that an idle printer costs nobody a write lock."""
        with self._database.read() as session:
            return bool(outbox.waiting_printers(session, clock.now()))

    def _ended(self, lane: Future[int]) -> None:
        """A job may have come in the lane's last moment, when it still counted as busy."""
        self._lanes.discard(lane)
        self._wake()

    def _wake(self) -> None:
        self._woken.put(None)

    def _sleep(self) -> None:
        try:
            self._woken.get(POLL_S)
            while True:
                self._woken.get(0)
        except queue.Empty:
            return
