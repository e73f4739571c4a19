"""Goes on with payments whose time has come: sends, asks, cancels, gives back.

Every serving process does it: each step claims its payment first, so that they share the work,
and none has to wait until a dead one's lease is over. The leading process also compares with
the providers' own lists.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from turnero_core import clock
from turnero_core.db import Database
from turnero_core.errors import Problem
from turnero_queue.payments import reconcile
from turnero_queue.payments.clearing import Clearing
from turnero_queue.payments.provider import ProviderError
from turnero_queue.payments.registry import Registry

POLL_S = 0.5
HANDS = 4
COMPARE_EVERY_S = 3600.0
COMPARED = timedelta(days=1)
log = structlog.get_logger()


class ClearingHouse:
    """`leads` says whether this process is the one that compares. Start it once in each."""

    def __init__(self, database: Database, registry: Registry, leads: Callable[[], bool]) -> None:
        self._database = database
        self._registry = registry
        self._clearing = Clearing(database, registry)
        self._leads = leads
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="clearing")
        self._compared = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="clearing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._stopping.wait(POLL_S):
            try:
                self._step()
                if self._leads() and time.monotonic() - self._compared > COMPARE_EVERY_S:
                    self._compared = time.monotonic()
                    self._compare()
            except CancelledError:
                # Stopped in the middle: what was not begun is still due.
                return
            except (SQLAlchemyError, RuntimeError) as error:
                log.warning("clearing_paused", error=str(error))

    def _step(self) -> None:
        payments, refunds = self._clearing.due(clock.now())
        work: list[tuple[Callable[[str], None], str]] = []
        work += [(self._clearing.step, key) for key in payments]
        work += [(self._clearing.refund, key) for key in refunds]
        for future in [self._pool.submit(self._one, act, key) for act, key in work]:
            future.result()

    def _one(self, act: Callable[[str], None], key: str) -> None:
        try:
            act(key)
        except (SQLAlchemyError, Problem) as error:
            log.warning("clearing_step_failed", subject=key, error=type(error).__name__)

    def _compare(self) -> None:
        now = clock.now()
        for code in reconcile.providers(self._database, now - COMPARED):
            try:
                provider = self._registry.get(code)
                reconcile.run(self._database, self._clearing, provider, now - COMPARED, now)
            except ProviderError as error:
                log.warning("reconciliation_failed", provider=code, error=str(error))
