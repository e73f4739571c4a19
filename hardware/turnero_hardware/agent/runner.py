"""The agent at work: one thread prints, one asks for jobs, one tells what happened.

They share nothing but the store. Any of them may fail or wait without holding up the others, so
the server's absence is noticed by the two that speak to it, and never by the printers.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from datetime import timedelta
from enum import Enum
from time import monotonic
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from turnero_core import live
from turnero_core.clock import now, rfc3339
from turnero_core.live import Hub
from turnero_hardware import outbox
from turnero_hardware.agent import notify
from turnero_hardware.agent.link import AwayError, InUseError, Link, RefusedError, RevokedError
from turnero_hardware.agent.store import Store
from turnero_hardware.monitor import PrinterMonitor
from turnero_hardware.outbox import waiting_printers
from turnero_hardware.print_worker import PrintWorker
from turnero_hardware.transports import Transport

BEAT_S = 15.0
LONG_POLL_S = 20
#: Commits wake each thread; this is for retries that fall due.
TICK_S = 0.5
LOOK_S = 2.0
GRACE_S = 1.5
IN_USE_S = 20.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 5.0
_EXPIRE_S, _FORGET_S = 5.0, 3600.0
_CLOCK_JUMP_S = 30.0
CLOCK_MAY_DIFFER = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class End(Enum):
    """Why an agent stopped."""

    TOLD = "told"
    RESTART = "restart"
    REVOKED = "revoked"


class Agent:
    """`facts` gives what a heartbeat tells of the machine, `pause` the wait after the n-th failure
    to print. `run` returns when it is over."""

    def __init__(
        self,
        store: Store,
        link: Link,
        transport_for: Callable[[str], Transport],
        *,
        version: str,
        facts: Callable[[], dict[str, Any]],
        pause: Callable[[int], timedelta] = outbox.backoff,
    ) -> None:
        self._store, self._link = store, link
        self._version, self._facts = version, facts
        self._hub = Hub()
        live.connect(store.database, self._hub)
        self._printed = self._hub.subscribe(outbox.TOPIC)
        self._news = self._hub.subscribe(outbox.TOPIC)
        database = store.database
        self._worker = PrintWorker(database.write, transport_for, wait=pause)
        self._monitor = PrinterMonitor(
            database.read,
            database.write,
            transport_for,
            self._worker,
            freed=lambda: self._printed.put(None),
            every=LOOK_S,
        )
        self._lanes: set[Future[int]] = set()
        self._over = threading.Event()
        self._end = End.TOLD
        # Somebody else uses this token: nothing is printed until that is settled.
        self._shut_out = threading.Event()
        self._offset: timedelta | None = None
        self._told_printers: list[dict[str, Any]] | None = None
        self._beat_at = 0.0
        self._clock = _Clock()
        self._expiry, self._oblivion = _Every(_EXPIRE_S), _Every(_FORGET_S)

    def stop(self, end: End = End.TOLD) -> None:
        """Safe to call from any thread, and from a signal's handler."""
        if not self._over.is_set():
            self._end = end
            self._over.set()

    def run(self) -> End:
        """Print until told to stop; what is being printed has a moment to end."""
        for work in (self._ask, self._tell):
            threading.Thread(target=self._guarded, args=(work,), daemon=True).start()
        notify.tell(notify.READY)
        while not self._over.is_set():
            self._print()
            notify.tell(notify.ALIVE)
            _rest(self._printed, TICK_S)
        notify.tell(notify.STOPPING)
        self._monitor.close()
        wait(list(self._lanes), timeout=GRACE_S)
        if self._end is not End.REVOKED:
            self._last_words()
        return self._end

    # Printing.

    def _print(self) -> None:
        if self._shut_out.is_set():
            return
        try:
            with self._store.database.read() as session:
                due = waiting_printers(session, now())
            for lane in self._worker.dispatch() if due else ():
                self._lanes.add(lane)
                lane.add_done_callback(self._ended)
            self._monitor.look_if_due()
        except SQLAlchemyError as error:
            log.error("outbox_unusable", error=str(error))

    def _ended(self, lane: Future[int]) -> None:
        self._lanes.discard(lane)
        self._printed.put(None)

    # Asking for jobs.

    def _ask(self) -> None:
        while not self._over.is_set():
            answer = self._link.claim(self._store.holds(), LONG_POLL_S)
            self._measured(answer.offset)
            self._welcome()
            new = self._store.keep(answer.body["jobs"])
            left = self._store.drop(answer.body.get("drop", ()))
            if new:
                log.info("claimed", jobs=new)
            elif left:
                # What the server gave up is on its way onto paper; there is no hurry to hear so.
                self._over.wait(1.0)

    # Telling what happened.

    def _tell(self) -> None:
        while not self._over.is_set():
            self._keep_house()
            self._beat()
            self._report()
            _rest(self._news, TICK_S)

    def _keep_house(self) -> None:
        if self._clock.jumped():
            log.warning("clock_jumped")
            self._store.retry()
        if self._offset is not None and self._expiry.due():
            self._store.expire(now() + self._offset)
        if self._oblivion.due():
            self._store.forget()

    def _report(self) -> None:
        for report in self._store.to_report():
            try:
                self._link.report(report.job_id, report.body)
            except RefusedError as error:
                # It is another's by now, or gone: the server has nothing more to hear of it.
                log.warning("report_refused", job=report.job_id, detail=str(error))
            self._store.reported(report.job_id)

    def _beat(self) -> None:
        """Every fifteen seconds, and at once when a printer has changed."""
        printers = self._store.printers()
        if monotonic() < self._beat_at and printers == self._told_printers:
            return
        body = {
            "version": self._version,
            "time": rfc3339(now()),
            "printers": printers,
            "facts": self._facts(),
        }
        answer = self._link.beat(body)
        self._told_printers, self._beat_at = printers, monotonic() + BEAT_S
        self._measured(answer.offset)
        self._welcome()
        self._store.know_printers(answer.body.get("printers", ()))
        for command in answer.body["commands"]:
            self._obey(command)

    def _obey(self, command: str) -> None:
        log.info("told", command=command)
        if command == "retry":
            self._store.retry()
        elif command == "restart":
            self.stop(End.RESTART)

    def _last_words(self) -> None:
        """What came onto paper while stopping is told now if it can be, else at the next start."""
        try:
            self._report()
        except (AwayError, InUseError, RevokedError, SQLAlchemyError) as error:
            log.info("left_unsaid", reason=str(error))

    # What befalls both threads that speak to the server.

    def _guarded(self, work: Callable[[], None]) -> None:
        pause = _FIRST_PAUSE_S
        while not self._over.is_set():
            began = monotonic()
            try:
                work()
            except RevokedError as error:
                log.error("revoked", detail=str(error))
                self.stop(End.REVOKED)
            except InUseError as error:
                log.error("token_used_elsewhere", detail=str(error))
                self._shut_out.set()
                self._over.wait(IN_USE_S)
            except (AwayError, RefusedError) as error:
                if monotonic() - began > _LONGEST_PAUSE_S:
                    pause = _FIRST_PAUSE_S
                log.warning("server_away", reason=str(error), again_in_s=pause)
                self._over.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            except Exception:
                log.exception("agent_thread_broke")
                self._over.wait(_LONGEST_PAUSE_S)

    def _welcome(self) -> None:
        if self._shut_out.is_set():
            log.info("token_is_ours_again")
            self._shut_out.clear()

    def _measured(self, offset: timedelta | None) -> None:
        if offset is None:
            return
        before, self._offset = self._offset, offset
        news = before is None or abs(before - offset) > CLOCK_MAY_DIFFER
        if abs(offset) > CLOCK_MAY_DIFFER and news:
            log.warning("clock_is_wrong", server_is_ahead_s=round(offset.total_seconds()))


class _Clock:
    """Notices when the machine's date is set while the agent runs."""

    def __init__(self) -> None:
        self._difference = self._measure()

    def jumped(self) -> bool:
        before, self._difference = self._difference, self._measure()
        return abs(self._difference - before) > _CLOCK_JUMP_S

    def _measure(self) -> float:
        return now().timestamp() - monotonic()


class _Every:
    """True once in so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._at = seconds, monotonic() + seconds

    def due(self) -> bool:
        if monotonic() < self._at:
            return False
        self._at = monotonic() + self._seconds
        return True


def _rest(subscription: live.Subscription, seconds: float) -> None:
    """Sleep until something happens; whatever else happened meanwhile is one waking."""
    try:
        subscription.get(seconds)
        while True:
            subscription.get(0)
    except queue.Empty:
        return
