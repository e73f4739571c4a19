"""Thousands of screens in one process, each noting when a call reached it.

streams.py PORT. On each line of its input {"path", "streams"} to open more, {"expect": ticket,
"timeout": s} to wait until every open stream has had that call; answers with when, by the clock
that all processes of a machine share.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from gevent import socket  # noqa: E402
from gevent.event import Event  # noqa: E402


class Screens:
    def __init__(self, port: int) -> None:
        self._port = port
        self._ready = 0
        self._heard: dict[bytes, list[float]] = {}
        self._sockets: list[Any] = []
        self._changed = Event()

    def open(self, path: str, streams: int) -> int:
        """Open screens until there are `streams`; gives how many are ready."""
        for _ in range(streams - len(self._sockets)):
            connection = socket.create_connection(("127.0.0.1", self._port))
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            self._sockets.append(connection)
            gevent.spawn(self._read, connection)
        self._wait(lambda: self._ready >= streams, 60)
        return self._ready

    def wait_for(self, ticket: str, timeout: float) -> list[float]:
        """When each screen had the call of `ticket`."""
        mark = f'"ticket":"{ticket}"'.encode()
        wanted = len(self._sockets)
        self._wait(lambda: len(self._heard.get(mark, ())) >= wanted, timeout)
        return self._heard.pop(mark, [])

    def _wait(self, condition: Any, timeout: float) -> None:
        end = time.monotonic() + timeout
        while not condition() and time.monotonic() < end:
            self._changed.clear()
            self._changed.wait(0.5)

    def _read(self, connection: Any) -> None:
        while received := connection.recv(4096):
            at = time.monotonic()
            if b"event: ready" in received:
                self._ready += 1
            start = received.find(b'"ticket":"')
            if start >= 0:
                mark = received[start : received.index(b'"', start + 10) + 1]
                self._heard.setdefault(mark, []).append(at)
            self._changed.set()


def main(port: str) -> None:
    screens = Screens(int(port))
    lines = gevent.get_hub().threadpool
    while line := lines.apply(sys.stdin.readline):
        task = json.loads(line)
        if "path" in task:
            answer: dict[str, Any] = {"ready": screens.open(task["path"], task["streams"])}
        else:
            answer = {"heard": screens.wait_for(task["expect"], task["timeout"])}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
