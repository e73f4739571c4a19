"""A server that is killed with its work half done, again and again."""

import signal
import threading
from collections.abc import Callable
from typing import Any

import httpx
from tests.effort import effort

KIOSKS = 3
DEATHS = effort(3, 10)
OFFICE = "office-1"


class Load:
    """Kiosks that repeat every request until it is answered, and a desk that calls."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.tickets: dict[str, dict[str, Any]] = {}
        self.called: list[str] = []
        self.refusals: list[httpx.Response] = []
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._issue, args=(kiosk,)) for kiosk in range(KIOSKS)
        ] + [threading.Thread(target=self._call)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    @property
    def answered(self) -> int:
        return len(self.tickets) + len(self.called)

    def _issue(self, kiosk: int) -> None:
        with self.server.client() as client:
            for n in range(100_000):
                if self._ending.is_set():
                    return
                key = f"kiosk-{kiosk}-{n}"
                answer = self._post(client, "tickets", {"service": "rentas"}, key)
                if answer is not None:
                    self.tickets[key] = answer.json()

    def _call(self) -> None:
        with self.server.client() as client:
            n = 0
            while not self._ending.is_set():
                body = {"finish_current": True}
                answer = self._post(client, "desks/1/call-next", body, f"desk-{n}")
                if answer is not None and answer.status_code == 200:
                    self.called.append(answer.json()["ticket"]["id"])
                n += 1

    def _post(
        self, client: httpx.Client, path: str, body: dict[str, Any], key: str
    ) -> httpx.Response | None:
        """Until it is answered; while the server is down nobody answers. None at the end."""
        while True:
            try:
                answer = client.post(
                    f"/offices/{OFFICE}/{path}", json=body, headers={"Idempotency-Key": key}
                )
            except httpx.TransportError:
                if self._ending.is_set():
                    return None
                threading.Event().wait(0.02)
                continue
            if answer.status_code in (200, 201, 204):
                return answer
            self.refusals.append(answer)
            if len(self.refusals) > 20:
                return None


def test_nothing_that_was_acknowledged_is_lost_and_nothing_is_done_twice(
    own_server: Any, eventually: Callable[..., None], check_consistent: Callable[[str], None]
) -> None:
    with Load(own_server) as load:
        for _ in range(DEATHS):
            enough = load.answered + 25
            eventually(lambda enough=enough: load.answered >= enough, "some load", own_server.log)
            own_server.end(signal.SIGKILL)
            check_consistent(own_server.database_url)
            own_server.start()
        enough = load.answered + 10
        eventually(lambda: load.answered >= enough, "load after the last death", own_server.log)

    assert [answer.text for answer in load.refusals] == []
    check_consistent(own_server.database_url)
    # Every request was answered in the end, so the numbers have no gap and no double at all.
    codes = sorted(ticket["number"] for ticket in load.tickets.values())
    assert codes == list(range(1, len(load.tickets) + 1))
    assert len(load.called) == len(set(load.called))
    with own_server.client() as client:
        for ticket in list(load.tickets.values())[-5:]:
            found = client.get(f"/tickets/{ticket['id']}").json()
            assert (found["code"], found["issued_at"]) == (ticket["code"], ticket["issued_at"])
        last = client.get(f"/tickets/{load.called[-1]}").json()
        assert last["state"] in ("called", "done")
        waiting = client.get(f"/offices/{OFFICE}/queue").json()["tickets"]
        assert len(waiting) == len(load.tickets) - len(load.called)
