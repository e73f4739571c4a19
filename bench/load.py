"""A client that costs little, so that the server is what is measured.

load.py PORT TOKEN, then on each line of its input a task as JSON:
{"connections": 8, "requests": 400, "paths": [...], "body": {...}}. Each connection takes a path in
turn and keeps alive; the answer is a line {"seconds", "statuses": {status: count}, "each": [...]}.
"""

import json
import socket
import sys
import threading
import time
from collections import Counter
from typing import Any


class Connection:
    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> int:
        """Send a request and read the whole answer; gives its status."""
        self._socket.sendall(request)
        received = self._socket.recv(65536)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._socket.recv(65536)
        left = body_length(received[:end]) - (len(received) - end - 4)
        while left > 0:
            left -= len(self._socket.recv(65536))
        return int(received[9:12])

    def close(self) -> None:
        self._socket.close()


def body_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


def request_of(path: str, token: str, body: dict[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def run(port: int, token: str, task: dict[str, Any]) -> dict[str, Any]:
    requests = [request_of(path, token, task["body"]) for path in task["paths"]]
    statuses: Counter[int] = Counter()
    each: list[float] = []
    count = task["requests"] // task["connections"]
    start = threading.Barrier(task["connections"] + 1)

    def client(number: int) -> None:
        connection = Connection(port)
        request = requests[number % len(requests)]
        start.wait()
        for _ in range(count):
            before = time.perf_counter()
            statuses[connection.ask(request)] += 1
            each.append(time.perf_counter() - before)
        connection.close()

    threads = [threading.Thread(target=client, args=(n,)) for n in range(task["connections"])]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return {"seconds": time.perf_counter() - began, "statuses": statuses, "each": each}


def main(port: str, token: str) -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(int(port), token, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
