"""Carries announcements between processes with PostgreSQL's LISTEN and NOTIFY."""

import threading
import time

import psycopg
import structlog
from psycopg import sql

from turnero_core.db import Database
from turnero_core.live import CHANNEL, Hub, decode

RETRY_S = 1.0
# The connection is proved alive this often; a dead one would otherwise be silent for ever.
CHECK_S = 15.0
log = structlog.get_logger()


class Listener:
    """A connection of its own that puts every NOTIFY into `hub`, and mends itself."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._dsn = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._hub = hub
        self._stopped = False

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name="turnero-listen", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._stopped = True

    def _run(self) -> None:
        while not self._stopped:
            try:
                self._listen()
            except psycopg.OperationalError as error:
                log.warning("live_listener_lost", error=str(error))
                time.sleep(RETRY_S)

    def _listen(self) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            # Whatever was said before this connection listened is in the database.
            self._hub.catch_up()
            while not self._stopped:
                for notify in connection.notifies(timeout=CHECK_S):
                    self._hub.publish(decode(notify.payload))
                connection.execute("SELECT 1")
