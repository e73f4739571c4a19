"""Tells the screens of this process that the configuration has changed, whoever changed it: this
process, another, or a command beside it. One number is read for that, twice a second."""

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_queue import announcements, catalogue

POLL_S = 0.5
log = structlog.get_logger()


class ConfigurationWatch:
    """Start it once in each process that serves screens."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database, self._hub = database, hub
        self._seen: int | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="configuration", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def look(self) -> bool:
        """Compare with the last look; whether there was something to tell."""
        with self._database.glance() as connection:
            version = catalogue.version_in_force(connection)
        before, self._seen = self._seen, version
        if before is None or before == version:
            return False
        # Read once, before every screen of this process asks for it at the same moment.
        with self._database.read() as session:
            catalogue.current(session)
        self._hub.publish(announcements.configuration_changed(version, clock.now()))
        return True

    def _run(self) -> None:
        while not self._stop.wait(POLL_S):
            try:
                self.look()
            except SQLAlchemyError as error:
                log.warning("configuration_watch_paused", error=str(error))
            except Exception:
                log.exception("configuration_watch_failed")
