"""Tells the city's systems of the debts that were paid, in the process that leads: at once when a
payment is committed, and again later for as long as they do not answer."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_queue.connectors import errand, reporting

# Wake-ups travel with the commit; this is for retries that fall due, and for lost ones.
POLL_S = 2.0
log = structlog.get_logger()


class DebtReporting:
    """`leads` says whether this process is the one that reports. Start it once in each."""

    def __init__(
        self, database: Database, hub: Hub, instance: Path, leads: Callable[[], bool]
    ) -> None:
        self._database = database
        self._hub = hub
        self._instance = instance
        self._leads = leads
        self._stopping = False
        self._woken = hub.subscribe(reporting.TOPIC)
        self._thread = threading.Thread(target=self._run, name="debt-reporting", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; a report that is under way is told again after its lease."""
        if self._stopping:
            return
        self._stopping = True
        self._hub.unsubscribe(self._woken)
        self._woken.put(None)

    def _run(self) -> None:
        while not self._stopping:
            try:
                if self._leads():
                    errand.report_due(self._database, self._instance)
            except SQLAlchemyError as error:
                log.warning("debt_reporting_paused", error=str(error))
            except Exception:
                # One report that cannot even be tried must not end the work on the others.
                log.exception("debt_reporting_failed")
            self._sleep()

    def _sleep(self) -> None:
        try:
            self._woken.get(POLL_S)
            while True:
                self._woken.get(0)
        except queue.Empty:
            return
