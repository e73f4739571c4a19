"""The tax office of San Martín as other systems know it: an HTTP service that can misbehave, and
the tables of its database."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from turnero_queue.connectors import Connector

ROSA, LUIS = "40213377", "10457788"
FIELDS = {
    "key": "id",
    "description": "concept.name",
    "period": "period",
    "due": "due",
    "amount": "amount",
}
RATES = {
    "id": "A-17-03",
    "concept": {"name": "Arbitrios"},
    "period": "2026-03",
    "due": "2026-03-31",
    "amount": "120.50",
}


class TaxOffice:
    """Answers GET /debts?of=… with `answer` (bytes, or a value as JSON) and POST /paid. `reports`
    are the bodies it was sent, `booked` the same by idempotency key."""

    def __init__(self) -> None:
        self.answer: Any = {"debts": [RATES]}
        self.status = 200
        self.report_status = 201
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []
        self.seen: list[dict[str, str]] = []
        self.reports: list[dict[str, Any]] = []
        self.booked: dict[str, dict[str, Any]] = {}
        self.release = threading.Event()
        self.hang = False
        self.url = ""

    def options(self, **overrides: Any) -> Connector:
        values: dict[str, Any] = {
            "code": "rentas",
            "type": "http",
            "url": self.url + "/debts?of={value}&as={kind}",
            "path": "debts",
            "fields": FIELDS,
            "report_url": self.url + "/paid/{key}",
            "asks_for": ("document", "account"),
            "timeout_s": 5,
        }
        return Connector(**(values | overrides))


class Handler(BaseHTTPRequestHandler):
    """One request to the office that the server belongs to."""

    @property
    def office(self) -> TaxOffice:
        found: TaxOffice = self.server.office  # type: ignore[attr-defined]
        return found

    def do_GET(self) -> None:
        office = self.office
        office.asked.append(parse_qs(urlsplit(self.path).query)["of"][0])
        office.seen.append(dict(self.headers))
        if office.hang:
            office.release.wait(30)
        body = office.answer
        self._answer(office.status, body if isinstance(body, bytes) else _json(body))

    def do_POST(self) -> None:
        office = self.office
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        office.reports.append(body)
        if office.report_status < 300:
            office.booked.setdefault(self.headers["Idempotency-Key"], body)
        self._answer(office.report_status, b"{}")

    def _answer(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in self.office.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def tax_office() -> Iterator[TaxOffice]:
    office = TaxOffice()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.office = office  # type: ignore[attr-defined]
    server.daemon_threads = True
    office.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield office
    finally:
        office.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
