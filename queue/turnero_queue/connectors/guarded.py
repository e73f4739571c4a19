"""What stands before every connector: a short memory, and a breaker that spares a system which is
down from being asked again and again, and the citizen from waiting for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from turnero_core.i18n import N_
from turnero_queue.connectors.debt import (
    Debt,
    Debts,
    DebtsUnavailable,
    DocumentOrAccount,
    NonsenseAnswer,
    Paid,
)
from turnero_queue.connectors.options import Connector

FAILURES_TO_OPEN = 3
OPEN_FOR_S = 30.0
_REMEMBERED = 500
log = structlog.get_logger()
T = TypeVar("T")


class Guarded:
    """One connector as the rest of the product uses it."""

    def __init__(
        self, options: Connector, behind: Debts, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.options = options
        self.behind = behind
        self._now = monotonic
        self._lock = threading.Lock()
        self._known: dict[DocumentOrAccount, tuple[float, list[Debt]]] = {}
        self._failures = 0
        self._open_until = 0.0

    def lookup(self, query: DocumentOrAccount, *, fresh: bool = False) -> list[Debt]:
        """The debts of `query`. `fresh` asks the system itself, as whatever is certified or
        charged must; else an answer of the last `cache_s` seconds will do."""
        if query.kind not in self.options.asks_for:
            raise DebtsUnavailable(N_("it is not asked by %(kind)s"), kind=query.kind)
        if not fresh and (known := self._remembered(query)) is not None:
            return known
        found = self._through(lambda: self.behind.lookup(query))
        self._remember(query, found)
        return list(found)

    def report_paid(self, debt: Debt, paid: Paid) -> None:
        """Tell the system of a paid debt; what it said before is forgotten."""
        try:
            self._through(lambda: self.behind.report_paid(debt, paid))
        finally:
            self.forget()

    def forget(self) -> None:
        """Remember no answer any more, as when something was paid."""
        with self._lock:
            self._known.clear()

    def close(self) -> None:
        close = getattr(self.behind, "close", None)
        if close is not None:
            close()

    def _through(self, act: Callable[[], T]) -> T:
        self._enter()
        try:
            answer = act()
        except DebtsUnavailable as error:
            self._failed(error)
            raise
        with self._lock:
            self._failures, self._open_until = 0, 0.0
        return answer

    def _enter(self) -> None:
        """Refused while the breaker is open; when its time is over one may try, and if that
        fails too the others go on being refused."""
        with self._lock:
            if self._failures < FAILURES_TO_OPEN:
                return
            if self._now() < self._open_until:
                raise DebtsUnavailable(N_("it failed a moment ago; it is asked again soon"))
            self._open_until = self._now() + OPEN_FOR_S

    def _failed(self, error: DebtsUnavailable) -> None:
        with self._lock:
            # Nonsense about one person says nothing of the others' debts.
            self._failures += not isinstance(error, NonsenseAnswer)
            if self._failures >= FAILURES_TO_OPEN:
                self._open_until = self._now() + OPEN_FOR_S
        log.warning("debts_unavailable", connector=self.options.code, why=error.why)

    def _remembered(self, query: DocumentOrAccount) -> list[Debt] | None:
        with self._lock:
            until, found = self._known.get(query, (0.0, []))
            return list(found) if until > self._now() else None

    def _remember(self, query: DocumentOrAccount, found: list[Debt]) -> None:
        if not self.options.cache_s:
            return
        with self._lock:
            now = self._now()
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known = {key: kept for key, kept in self._known.items() if kept[0] > now}
            self._known[query] = (now + self.options.cache_s, list(found))
