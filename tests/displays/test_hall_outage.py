"""The server goes away and comes back while the hall is open."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests import program
from tests.displays.cast import Hall, until_shown, watch

from turnero_core import settings

PATIENCE_S = 90


class Server:
    """`turnero serve` on the hall's database, as a process that a test may kill."""

    def __init__(self, hall: Hall, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: program.Server | None = None
        self._log = folder / "server.log"
        settings.make_instance(folder / "instance")
        self._environment = {
            **os.environ,
            "TURNERO_INSTANCE": str(folder / "instance"),
            "TURNERO_DATABASE_URL": hall.database.engine.url.render_as_string(False),
            "TURNERO_SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough",
        }

    def start(self) -> None:
        words = ("serve", "--port", str(self.port))
        self.process = program.Server(*words, env=self._environment, log=self._log)

    def wait(self, page: Page) -> None:
        for _ in range(PATIENCE_S * 20):
            if self.process is None or self.process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.url}/readyz", timeout=PATIENCE_S, trust_env=False).is_success:
                    return
            except httpx.TransportError:
                page.wait_for_timeout(50)
        pytest.fail(f"the server did not start\n{self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE_S)
            self.process = None


@pytest.fixture
def server(hall: Hall, tmp_path: Path) -> Iterator[Server]:
    server = Server(hall, tmp_path)
    yield server
    server.kill()


def test_the_hall_says_that_it_is_alone_recovers_by_itself_and_shows_what_it_missed(
    page: Page, hall: Hall, server: Server
) -> None:
    codes = [hall.take()["code"] for _ in range(4)]
    server.start()
    server.wait(page)
    watch(page, f"{server.url}/hall/centro")
    headers = {"Authorization": f"Bearer {hall.token}"}
    before = f"{server.url}/api/v1/offices/centro/desks/1/call-next"
    assert httpx.post(before, headers=headers, trust_env=False).is_success
    assert until_shown(page, 1) == codes[:1]
    expect(page.locator("[data-call]")).to_have_count(1)

    server.kill()
    alone = page.locator(".hall__offline")
    expect(alone).to_be_visible(timeout=40_000)
    expect(page.locator("#hall-number")).to_have_text(codes[0])
    expect(page.locator("[data-call]")).to_have_count(1)
    # The database is up all the same: two desks call, and this screen hears nothing of it.
    hall.next("2")
    hall.next("3")
    assert page.evaluate("shown.length") == 1

    server.start()
    server.wait(page)
    expect(page.locator("html")).to_have_attribute("data-connection", "online", timeout=40_000)
    expect(alone).to_be_hidden()
    assert until_shown(page, 3) == codes[:3]
    expect(page.locator("[data-call]")).to_have_count(3)
    assert page.evaluate("shown.length") == 3
