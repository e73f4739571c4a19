"""What became of everybody, read back from the server ticket by ticket."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from turnero_core.errors import Problem
from turnero_server.replay.client import Client

READERS = 12
# States in which nothing more can happen to a person of a day that is over.
SETTLED = {"done": "served", "cancelled": "left", "left": "left", "no_show": "no_show"}


@dataclass(frozen=True)
class Account:
    """`waits_s` are real seconds from the ticket to its first call, ascending."""

    people: int
    issued: int
    ends: Counter[str]
    waits_s: tuple[float, ...]

    @property
    def unaccounted(self) -> int:
        return self.people - sum(self.ends.values())

    def wait_s(self, share: float) -> float:
        """The wait that this share of the called waited at most; 0 when nobody was called."""
        if not self.waits_s:
            return 0.0
        return self.waits_s[min(len(self.waits_s) - 1, int(share * len(self.waits_s)))]


def settle(
    client: Client,
    people: int,
    tickets: Mapping[int, str],
    read: Callable[[], None] = lambda: None,
) -> Account:
    """Ask for each ticket; `read` is called after each answer."""

    def ask(ticket_id: str) -> dict[str, Any]:
        try:
            answer = client.get(f"/tickets/{ticket_id}")
        except Problem:
            return {}
        finally:
            read()
        return answer.body if answer.good else {}

    with ThreadPoolExecutor(READERS) as pool:
        found = list(pool.map(ask, tickets.values()))
    ends = Counter(SETTLED[state] for body in found if (state := body.get("state")) in SETTLED)
    waits = sorted(wait for body in found if (wait := _wait(body)) is not None)
    return Account(people, sum(1 for body in found if body), ends, tuple(waits))


def _wait(body: dict[str, Any]) -> float | None:
    calls = [event["at"] for event in body.get("events", ()) if event["kind"] == "called"]
    if not calls:
        return None
    return (
        datetime.fromisoformat(calls[0]) - datetime.fromisoformat(body["issued_at"])
    ).total_seconds()
