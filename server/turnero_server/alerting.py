"""Tells the webhook of devices' alerts, in the process that leads: soon after they begin or end."""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from turnero_core.db import Database
from turnero_queue.devices import alert_hook

POLL_S = 2.0
log = structlog.get_logger()


class Alerting:
    """`leads` says whether this process is the one that tells. Start it once in each."""

    def __init__(self, database: Database, leads: Callable[[], bool]) -> None:
        self._database, self._leads = database, leads
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerting", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; what is being told is told again if its end was not noted."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(POLL_S):
            try:
                if self._leads():
                    alert_hook.tell(self._database, alert_hook.post)
            except SQLAlchemyError as error:
                log.warning("alerting_paused", error=str(error))
            except Exception:
                log.exception("alerting_failed")
