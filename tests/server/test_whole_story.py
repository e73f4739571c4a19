"""The product's main job, end to end: three screens and a phone on the demonstration."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from turnero_server.demo.cast import PASSWORD

KIOSK = {"width": 1080, "height": 1920}
HALL = {"width": 1920, "height": 1080}
CONSOLE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
READY_S = 60.0


@dataclass(frozen=True)
class Demo:
    url: str
    token: str

    def ticket(self, ticket_id: str) -> dict[str, object]:
        return self._get(f"/tickets/{ticket_id}")

    def queue(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self._get("/offices/centro/queue")["tickets"]  # type: ignore[assignment]
        return found

    def _get(self, path: str) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.get(f"{self.url}/api/v1{path}", headers=headers, timeout=60)
        answer.raise_for_status()
        body: dict[str, object] = answer.json()
        return body


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`turnero demo`, as a newcomer runs it, on its first day."""
    instance = tmp_path_factory.mktemp("story") / "instance"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TURNERO_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "turnero_server", "demo", "--without-past", "--port", str(port)],
        env={**kept, "TURNERO_INSTANCE": str(instance)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    _wait_until_ready(url, process)
    yield Demo(url, (instance / "demo_token").read_text().strip())
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(60)


@pytest.fixture(autouse=True)
def screens_end(browser: Browser) -> Iterator[None]:
    """The screens that a test opened are gone with it."""
    yield
    for context in browser.contexts:
        context.close()


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + READY_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=30).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("the demonstration did not start")


def _open(browser: Browser, demo: Demo, path: str, size: dict[str, int]) -> Page:
    context = browser.new_context(viewport=size, locale="es-PE", base_url=demo.url)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(path)
    return page


def _sign_in(page: Page) -> None:
    page.locator("input[name=login]").fill("ventanilla.centro")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-connection", "online")


def _take_a_turn(kiosk: Page) -> str:
    """Three touches: the way in, a frequent procedure, the paper. Gives the number."""
    kiosk.locator(".start__way--first").click()
    kiosk.locator(".frequent__item").first.click()
    kiosk.locator("button[name=how][value=paper]").click()
    number = kiosk.locator(".number--xl")
    expect(number).to_have_text(re.compile(r"^[A-Z]+\d{3}$"))
    return number.inner_text()


def test_a_citizen_is_numbered_printed_called_shown_told_and_attended(
    browser: Browser, demo: Demo, tmp_path: Path
) -> None:
    kiosk = _open(browser, demo, "/kiosk/centro", KIOSK)
    hall = _open(browser, demo, "/hall/centro", HALL)
    expect(hall.locator("html")).to_have_attribute("data-connection", "online")
    console = _open(browser, demo, "/login?next=/console/centro/1", CONSOLE)
    _sign_in(console)

    code = _take_a_turn(kiosk)
    expect(kiosk.locator(".turn__paper--printed")).to_be_visible()
    entry = next(ticket for ticket in demo.queue() if ticket["code"] == code)
    status_url = str(demo.ticket(entry["id"])["status_url"])
    tray = _open(browser, demo, "/demo/printer", CONSOLE)
    expect(tray.locator(f"img[alt*='{code}']").first).to_be_visible()

    phone = _open(browser, demo, status_url, PHONE)
    expect(phone.locator("html")).to_have_attribute("data-connection", "online")
    expect(phone.locator("#status")).to_contain_text(code)
    expect(phone.locator("[data-state=waiting]").first).to_be_visible()

    console.keyboard.press("n")
    called = time.monotonic()
    expect(hall.locator("#hall-number")).to_have_text(code)
    shown_after = time.monotonic() - called
    expect(hall.locator("#hall-where")).to_contain_text("Ventanilla 1")
    expect(phone.locator("[data-state=called]").first).to_be_visible()
    expect(phone.locator("#status")).to_contain_text("Ventanilla 1")
    assert shown_after < 1.0, f"the hall showed the call after {shown_after:.2f} s"

    expect(console.locator("#console")).to_contain_text(code)
    console.keyboard.press("s")
    expect(phone.locator("[data-state=serving]").first).to_be_visible()
    console.keyboard.press("f")
    expect(phone.locator("[data-state=done]").first).to_be_visible()

    ticket = demo.ticket(entry["id"])
    events = [event["kind"] for event in ticket["events"]]  # type: ignore[attr-defined]
    assert events == ["issued", "called", "started", "finished"]
    assert (ticket["state"], ticket["outcome"], ticket["origin"]) == ("done", "resolved", "kiosk")
    assert hall.locator("body").get_attribute("data-calls-shown") == "1", "one call, shown once"


def test_nothing_of_the_turn_stays_on_the_kiosk(browser: Browser, demo: Demo) -> None:
    kiosk = _open(browser, demo, "/kiosk/centro", KIOSK)
    code = _take_a_turn(kiosk)
    waiting = len(demo.queue())
    kiosk.locator("[data-start-again]").first.click()
    expect(kiosk.locator(".start__way--first")).to_be_visible()
    kiosk.go_back()
    kiosk.wait_for_load_state()
    expect(kiosk.locator("body")).not_to_contain_text(code)
    assert len(demo.queue()) == waiting, "going back takes no second turn"
