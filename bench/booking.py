"""A client that books appointments end to end: a place held, then confirmed, each a request.

booking.py PORT TOKEN, then on each line of its input a task as JSON:
{"connections": 8, "bookings": 240, "office": "office-1", "starts": [...]}; the answer is a line
{"seconds", "states": {state: count}, "each": [...]}.
"""

import http.client
import itertools
import json
import sys
import threading
import time
from collections import Counter
from typing import Any


class Citizen:
    """One connection that stays open."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self._connection.request("POST", f"/api/v1{path}", json.dumps(body), self._headers)
        answer: dict[str, Any] = json.loads(self._connection.getresponse().read())
        return answer

    def book(self, office: str, start: str, number: int) -> str:
        """The state in the end; what was refused is told by its type."""
        held = self.ask("/appointments", {"office": office, "services": ["rentas"], "start": start})
        if "token" not in held:
            return str(held.get("type"))
        contact = {"name": "Rosa", "email": f"rosa-{office}-{number}@example.com"}
        done = self.ask(f"/appointments/{held['token']}/confirm", {"contact": contact})
        return str(done.get("state", done.get("type")))


def run(port: int, token: str, task: dict[str, Any]) -> dict[str, Any]:
    states: Counter[str] = Counter()
    each: list[float] = []
    starts = itertools.cycle(task["starts"])
    work = [(next(starts), number) for number in range(task["bookings"])]
    barrier = threading.Barrier(task["connections"] + 1)

    def client(own: list[tuple[str, int]]) -> None:
        citizen = Citizen(port, token)
        barrier.wait()
        for start, number in own:
            before = time.perf_counter()
            states[citizen.book(task["office"], start, number)] += 1
            each.append(time.perf_counter() - before)

    count = task["connections"]
    threads = [threading.Thread(target=client, args=(work[n::count],)) for n in range(count)]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return {"seconds": time.perf_counter() - began, "states": states, "each": each}


def main(port: str, token: str) -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(int(port), token, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
