"""How often somebody at one address may try a code, counted in this process."""

import threading
from collections import deque
from time import monotonic

from turnero_core.errors import Problem
from turnero_core.i18n import N_

_MOST_ADDRESSES = 10_000


class TooManyGuesses(Problem):
    status = 429
    slug = "too-many-requests"
    title = N_("Too many requests")


class Guesses:
    """At most `most` in `window_s` seconds from one address, and ten times that from all."""

    def __init__(self, most: int = 10, window_s: float = 60.0) -> None:
        self._most, self._window_s = most, window_s
        self._by_address: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()
        self._guard = threading.Lock()

    def count(self, address: str) -> None:
        """Count one more; TooManyGuesses when there were too many already."""
        at = monotonic()
        with self._guard:
            own = self._recent(address, at)
            own.append(at)
            self._all.append(at)
            if len(self._by_address) > _MOST_ADDRESSES:
                self._forget_idle()

    def check(self, address: str) -> None:
        """TooManyGuesses when there were too many already; counts nothing."""
        with self._guard:
            self._recent(address, monotonic())

    def _recent(self, address: str, at: float) -> deque[float]:
        own = self._by_address.setdefault(address, deque())
        for times in (own, self._all):
            while times and times[0] <= at - self._window_s:
                times.popleft()
        if len(own) >= self._most or len(self._all) >= self._most * 10:
            raise TooManyGuesses(N_("Too many requests. Wait a moment and try again."))
        return own

    def forget(self, address: str) -> None:
        """Somebody proved to know the code: earlier slips of the finger count no more."""
        with self._guard:
            self._by_address.pop(address, None)

    def _forget_idle(self) -> None:
        idle = [address for address, times in self._by_address.items() if not times]
        for address in idle or list(self._by_address)[: _MOST_ADDRESSES // 2]:
            del self._by_address[address]
