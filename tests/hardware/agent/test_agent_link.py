"""The line to the server: only to the right one, and nothing else is taken for its answer."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from turnero_core.errors import Conflict, Invalid, Unavailable
from turnero_hardware.agent import machine, state
from turnero_hardware.agent.link import (
    AwayError,
    InUseError,
    Link,
    RefusedError,
    RevokedError,
    check_address,
)
from turnero_hardware.agent.state import Identity
from turnero_hardware.files import FileTransport
from turnero_hardware.printer_error import PrinterError
from turnero_hardware.transports import TrayTransport


@contextmanager
def answering(status: int, body: bytes) -> Iterator[Link]:
    """A line to a server that says the same to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Link(Identity(f"http://127.0.0.1:{server.server_port}", "t", "hall", "one"), "one")
        server.shutdown()
        thread.join()


def problem(slug: str) -> bytes:
    return json.dumps({"type": f"/problems/{slug}", "detail": "Because."}).encode()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"<html>Accept the terms of this network</html>", AwayError),
        (200, b'{"welcome": "to this network"}', AwayError),
        (200, b'{"id": "another", "state": "printed"}', AwayError),
        (200, b"[]", AwayError),
        (302, b"", AwayError),
        (500, problem("internal-error"), AwayError),
        (503, problem("database-unavailable"), AwayError),
        (429, problem("too-many-requests"), AwayError),
        (404, b"<html>nginx</html>", AwayError),
        (401, problem("unauthorized"), RevokedError),
        (409, problem("device-in-use"), InUseError),
        (409, problem("not-yours-any-more"), RefusedError),
        (404, problem("not-found"), RefusedError),
    ],
)
def test_an_answer_is_taken_for_what_it_is(
    status: int, body: bytes, expected: type[Exception]
) -> None:
    with answering(status, body) as link, pytest.raises(expected):
        link.report("a", {"outcome": "printed"})


def test_nobody_there_is_a_server_that_is_away() -> None:
    link = Link(Identity("http://127.0.0.1:9", "t", "hall", "one"), "one")

    with pytest.raises(AwayError):
        link.beat({})


@pytest.mark.parametrize(
    "server", ["http://turnos.example", "turnos.example", "ftp://turnos.example", "https://", ""]
)
def test_an_address_that_would_give_the_token_away_is_refused(server: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_address(server, insecure=False)

    assert list(refusal.value.extra["errors"]) == ["server"]


@pytest.mark.parametrize(
    "server",
    ["https://turnos.example/", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"],
)
def test_https_and_this_machine_are_taken(server: str) -> None:
    assert check_address(server, insecure=False) == server.rstrip("/")


def test_plain_http_is_taken_when_it_is_meant() -> None:
    assert check_address("http://10.0.0.4:8080", insecure=True) == "http://10.0.0.4:8080"


def test_a_stored_http_address_is_refused_unless_it_was_meant() -> None:
    with pytest.raises(Invalid):
        Link(Identity("http://10.0.0.4", "t", "hall", "one"), "one")


def test_who_it_is_survives_and_is_told_when_it_is_missing_or_broken(tmp_path: Path) -> None:
    folder = tmp_path / "agent"
    with pytest.raises(Conflict):
        state.load(folder)
    identity = Identity("https://turnos.example", "t", "hall", state.installation(folder))

    state.save(folder, identity)

    assert state.load(folder) == identity
    assert state.installation(folder) == identity.installation
    (folder / state.IDENTITY).write_text("{")
    with pytest.raises(Unavailable):
        state.load(folder)


def test_a_copy_of_its_folder_or_disk_has_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, copy, card = tmp_path / "first", tmp_path / "copy", tmp_path / "net" / "eth0"
    state.save(first, Identity("", "t", "hall", "one"))
    shutil.copytree(first, copy)
    (card / "device").mkdir(parents=True)
    (card / "address").write_text("02:00:00:00:00:01\n")
    monkeypatch.setattr(state, "_NETWORK", card.parent)
    name = state.instance(state.load(first), first)

    assert state.instance(state.load(first), first) == name
    assert state.instance(state.load(copy), copy) != name
    (card / "address").write_text("02:00:00:00:00:02\n")
    assert state.instance(state.load(first), first) != name


def test_the_server_cannot_have_an_agent_write_outside_of_dev(tmp_path: Path) -> None:
    open_transport = machine.transports(tmp_path)

    assert isinstance(open_transport("file:///dev/usb/lp0"), FileTransport)
    assert isinstance(open_transport("virtual://hall"), TrayTransport)
    for uri in ("file:///etc/cron.d/x", "file:///dev/../etc/passwd", "file://host/dev/x"):
        with pytest.raises(PrinterError):
            open_transport(uri)


def test_it_tells_of_its_machine(tmp_path: Path) -> None:
    facts = machine.facts(tmp_path, "http://127.0.0.1:8080")

    assert facts["address"] == "127.0.0.1"
    assert facts["disk_free_bytes"] > 0
    assert machine.facts(tmp_path, "https://nowhere.invalid")["address"] is None
