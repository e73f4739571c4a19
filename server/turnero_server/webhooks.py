"""Sends the webhooks' outbox, in the process that leads: at once when something was committed, and
when a pause is over. Each subscription has a thread of its own while it has something to send, so
that a slow receiver holds up nobody else."""

import queue
import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from turnero_core.db import Database
from turnero_core.live import Hub
from turnero_queue.webhooks import noting, sending

# Wake-ups travel with the commit; this is for pauses that end, and for lost ones.
POLL_S = 2.0
GRACE_S = 1.5
AT_ONCE = 8
log = structlog.get_logger()


class Webhooks:
    """`leads` says whether this process is the one that sends. Start it once in each."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        leads: Callable[[], bool],
        send: sending.Send = sending.send,
    ) -> None:
        self._database, self._hub, self._leads, self._send = database, hub, leads, send
        self._stopping = False
        self._woken = hub.subscribe(noting.TOPIC)
        self._busy: dict[str, threading.Thread] = {}
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; what is under way may end, else it goes again under the same id."""
        if self._stopping:
            return
        self._stopping = True
        self._hub.unsubscribe(self._woken)
        self._woken.put(None)
        for thread in list(self._busy.values()):
            thread.join(GRACE_S)

    def _run(self) -> None:
        while not self._stopping:
            try:
                if self._may_send():
                    self._begin()
            except SQLAlchemyError as error:
                log.warning("webhooks_paused", error=str(error))
            except Exception:
                log.exception("webhooks_failed")
            self._sleep()

    def _begin(self) -> None:
        for webhook_id in sending.due(self._database):
            if webhook_id not in self._busy and len(self._busy) < AT_ONCE:
                thread = threading.Thread(target=self._drain, args=[webhook_id], daemon=True)
                self._busy[webhook_id] = thread
                thread.start()

    def _drain(self, webhook_id: str) -> None:
        try:
            sending.drain(self._database, webhook_id, self._send, self._may_send)
        except SQLAlchemyError as error:
            log.warning("webhook_paused", webhook=webhook_id, error=str(error))
        except Exception:
            log.exception("webhook_failed", webhook=webhook_id)
        finally:
            del self._busy[webhook_id]
            # Whatever came meanwhile, and whoever waited for a free thread, has its turn.
            self._woken.put(None)

    def _may_send(self) -> bool:
        return self._leads() and not self._stopping

    def _sleep(self) -> None:
        try:
            self._woken.get(POLL_S)
            while True:
                self._woken.get(0)
        except queue.Empty:
            return
