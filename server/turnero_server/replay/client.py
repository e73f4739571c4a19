"""A small client of the API: keeps connections open, and sends again what got no answer."""

import http.client
import json
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from turnero_core.errors import Unavailable
from turnero_core.i18n import N_, current_language
from turnero_core.ids import new_id

BASE = "/api/v1"
TIMEOUT_S = 60
TRIES = 6
NOBODYS = "/problems/not-found"
# Answers that say “not now”: the same request may well succeed a moment later.
AGAIN = frozenset({429, 502, 503})


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]

    @property
    def good(self) -> bool:
        return self.status < 400


class Client:
    """Safe to use from many greenlets or threads: each request has a connection to itself."""

    def __init__(self, url: str, token: str) -> None:
        self._url = urlsplit(url)
        if self._url.scheme not in ("http", "https") or not self._url.hostname:
            raise Unavailable(N_("%(url)s is no address of a server."), url=url)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Accept-Language": current_language(),
        }
        self._idle: list[http.client.HTTPConnection] = []
        self.requests = 0

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def check(self) -> None:
        """Refuse to begin with a server that does not answer, or does not take the token."""
        # A ticket that nobody has: whoever may ask for it is told that there is none.
        answer = self.get(f"/tickets/{new_id()}")
        if answer.body.get("type") != NOBODYS:
            raise Unavailable(
                N_("The server refuses: %(reason)s"),
                reason=answer.body.get("detail") or f"HTTP {answer.status}",
            )

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Done once, however often it has to be sent: the key is the same each time."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": new_id()}
        return self._ask("POST", path, json.dumps(body or {}).encode(), headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        for patience in range(TRIES):
            try:
                answer = self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException) as error:
                failure: Exception = error
            else:
                if answer.status not in AGAIN or patience == TRIES - 1:
                    return answer
                failure = Unavailable(str(answer.body.get("detail", answer.status)))
            if patience < TRIES - 1:
                time.sleep(0.1 * 2**patience)
        address = f"{self._url.scheme}://{self._url.netloc}"
        raise Unavailable(
            N_("The server at %(url)s does not answer: %(reason)s"), url=address, reason=failure
        )

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = self._idle.pop() if self._idle else self._connect()
        try:
            address = self._url.path.rstrip("/") + BASE + path
            connection.request(method, address, body, {**self._headers, **headers})
            response = connection.getresponse()
            content = response.read()
        except BaseException:
            connection.close()
            raise
        self.requests += 1
        self._idle.append(connection)
        is_json = "json" in (response.getheader("Content-Type") or "")
        return Answer(response.status, json.loads(content) if content and is_json else {})

    def _connect(self) -> http.client.HTTPConnection:
        host, port = str(self._url.hostname), self._url.port
        if self._url.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=context)
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
