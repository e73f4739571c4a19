"""The processes that ask and listen, driven over their input and output."""

import json
import subprocess
import sys
from typing import Any

from bench.installations import ROOT, Server


class Program:
    """A script of this folder that takes a line of JSON and answers with one."""

    def __init__(self, script: str, *args: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "bench" / script), *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a client ended before it answered")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        self._process.communicate(timeout=30)


class Load(Program):
    """Issues and calls at a server over connections that stay open."""

    def __init__(self, server: Server) -> None:
        super().__init__("load.py", str(server.port), server.token or "none")

    def issue(self, office: str, requests: int, connections: int) -> float:
        """Take turns; gives how many a second."""
        task = {"paths": [f"/api/v1/offices/{office}/tickets"], "body": {"service": "rentas"}}
        return self._rate(task, requests, connections, 201)

    def call_next(self, office: str, requests: int, desks: int) -> float:
        """Call from `desks` desks at once, finishing with whoever is there; how many a second."""
        paths = [f"/api/v1/offices/{office}/desks/{n}/call-next" for n in range(1, desks + 1)]
        task = {"paths": paths, "body": {"finish_current": True}}
        return self._rate(task, requests, desks, 200)

    def times(self, path: str, body: dict[str, Any], requests: int) -> list[float]:
        """Seconds that each of a series of requests took, one after another."""
        task = {"paths": [path], "body": body, "requests": requests, "connections": 1}
        each: list[float] = self.ask(task)["each"]
        return each

    def _rate(self, task: dict[str, Any], requests: int, connections: int, status: int) -> float:
        answer = self.ask({**task, "requests": requests, "connections": connections})
        if set(answer["statuses"]) != {str(status)}:
            raise RuntimeError(f"expected {status}, got {answer['statuses']} from {task['paths']}")
        return sum(answer["statuses"].values()) / float(answer["seconds"])
