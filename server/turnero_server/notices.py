"""Sends what the outbox of messages holds, in the process that leads: at once when one is
committed, and when its time comes."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_core.web.runtime import Runtime
from turnero_queue.notices import outbox
from turnero_queue.notices.sender import Sender
from turnero_queue.notices.settings import EXTENSION, Settings

# Wake-ups travel with the commit; this is for those that were lost, and for hours that come.
POLL_S = 5.0
# What is being handed over may end before the process does; else it goes again, recognisably.
GRACE_S = 1.5
# Under this name an application tells where it is reached, when the settings do not.
BASE_URL = "turnero_notices_base_url"
log = structlog.get_logger()


class Sending:
    """`leads` says whether this process is the one that sends. Start it once in each."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        instance: Path,
        leads: Callable[[], bool],
        always: Settings | None = None,
        base_url: str = "",
    ) -> None:
        self._sender = Sender(database, instance, always=always, base_url=base_url)
        self._hub, self._leads = hub, leads
        self._stopping = False
        self._woken = hub.subscribe(outbox.TOPIC)
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more, and give what is being sent a moment to end."""
        if self._stopping:
            return
        self._stopping = True
        self._hub.unsubscribe(self._woken)
        self._woken.put(None)
        if self._thread.is_alive():
            self._thread.join(GRACE_S)

    def _run(self) -> None:
        while not self._stopping:
            try:
                while self._may_send() and self._sender.run_once(most=1):
                    pass
            except SQLAlchemyError as error:
                log.warning("sending_paused", error=str(error))
            except Exception:
                # Whatever it was, the next messages are worth another try.
                log.exception("sending_broke")
            self._sleep()

    def _may_send(self) -> bool:
        return self._leads() and not self._stopping

    def _sleep(self) -> None:
        try:
            self._woken.get(POLL_S)
            while True:
                self._woken.get(0)
        except queue.Empty:
            return


def base_url_of(app: Flask) -> str:
    """What links in messages begin with; empty when nobody knows where the server is reached."""
    runtime: Runtime = app.extensions["turnero"]
    known: str = app.extensions.get(BASE_URL, "")
    return runtime.settings.base_url or known


def settings_of(app: Flask) -> Settings | None:
    """What the application sends with whatever is configured, such as a demonstration's inbox."""
    found: Settings | None = app.extensions.get(EXTENSION)
    return found
