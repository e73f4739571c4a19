"""The shared JavaScript modules, in a real browser against a small server of the test's own."""

import mimetypes
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from turnero_core import colour

CORE = Path(colour.__file__).parent
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
PAGE = """<!doctype html><html lang="es"><title>Hall</title>
<body {attributes}>{body}<div id="connection" role="status" data-offline="Sin conexión"></div>
<script type="module" src="/static/js/core.js"></script></body></html>"""


class Hall(ThreadingHTTPServer):
    """Serves the modules, one page, one region, and a stream that the test feeds and cuts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.page = self.region = ""
        self.streams: list[BaseHTTPRequestHandler] = []
        self.asked: list[str] = []
        self.answering = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def stream_requests(self) -> list[str]:
        return [path for path in self.asked if path.startswith("/live")]

    def send(self, text: str) -> None:
        for stream in self.streams:
            stream.wfile.write(text.encode())
            stream.wfile.flush()

    def cut(self) -> None:
        streams, self.streams = self.streams, []
        for stream in streams:
            stream.close_connection = True
            stream.connection.shutdown(2)


class Handler(BaseHTTPRequestHandler):
    server: Hall

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's output is its own."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path.startswith("/live") and self.server.answering:
            self.stream()
        elif self.path.startswith("/static/"):
            file = CORE / self.path[1:]
            self.answer(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "")
        elif self.path == "/" or self.path.startswith("/region"):
            text = self.server.page if self.path == "/" else self.server.region
            self.answer(text.encode(), "text/html; charset=utf-8")
        else:
            self.send_error(404 if self.server.answering else 503)

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.flush()
        self.server.streams.append(self)
        while self in self.server.streams:
            time.sleep(0.02)


@pytest.fixture
def hall() -> Iterator[Hall]:
    server = Hall()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.cut()
    server.shutdown()
    server.server_close()


def opened(page: Page, hall: Hall, body: str = "", attributes: str = "") -> None:
    """The page of the hall in the browser, with what its events said kept in `heard`."""
    hall.page = PAGE.format(body=body, attributes=attributes)
    page.add_init_script(
        "window.heard = [];"
        "for (const name of ['live:call', 'live:connected', 'speak:start', 'speak:end'])"
        "  document.addEventListener(name, (event) => heard.push([name, event.detail]));"
    )
    page.goto(hall.url)


def until(condition: Callable[[], bool], page: Page) -> None:
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it never happened")


LIVE = 'data-live-url="/live/offices/centro"'


def test_a_call_reaches_the_page_as_an_event_with_its_data(page: Page, hall: Hall) -> None:
    opened(page, hall, attributes=LIVE)
    expect(page.locator("html")).to_have_attribute("data-connection", "online")
    hall.send('id: 7\nevent: call\ndata: {"ticket": "R012",\ndata:  "desk": "1"}\n\n')
    page.wait_for_function("heard.some(([name]) => name === 'live:call')")
    calls = page.evaluate("heard.filter(([name]) => name === 'live:call')")
    assert calls == [["live:call", {"id": "7", "data": {"ticket": "R012", "desk": "1"}}]]


def test_a_comment_is_no_event(page: Page, hall: Hall) -> None:
    opened(page, hall, attributes=LIVE)
    until(lambda: bool(hall.streams), page)
    hall.send(": still here\n\n")
    hall.send("id: 8\nevent: call\ndata: 1\n\n")
    page.wait_for_function("heard.some(([name]) => name === 'live:call')")
    assert page.evaluate("heard.map(([name]) => name)") == ["live:connected", "live:call"]


def test_after_a_cut_it_returns_and_says_what_it_heard_last(page: Page, hall: Hall) -> None:
    opened(page, hall, attributes=LIVE)
    until(lambda: bool(hall.streams), page)
    hall.send("id: 41\nevent: call\ndata: 1\n\n")
    page.wait_for_function("heard.some(([name]) => name === 'live:call')")
    hall.cut()
    until(lambda: len(hall.stream_requests()) == 2, page)
    assert hall.stream_requests()[1] == "/live/offices/centro?last_event_id=41"
    page.wait_for_function("heard.filter(([name]) => name === 'live:connected').length === 2")


def test_a_screen_that_lost_its_server_says_so_until_it_is_back(page: Page, hall: Hall) -> None:
    opened(page, hall, attributes=LIVE)
    until(lambda: bool(hall.streams), page)
    hall.answering = False
    hall.cut()
    expect(page.locator("#connection")).to_have_text("Sin conexión")
    expect(page.locator("html")).to_have_attribute("data-connection", "offline")
    hall.answering = True
    expect(page.locator("html")).to_have_attribute("data-connection", "online", timeout=40_000)
    expect(page.locator("#connection")).to_be_empty()


def test_a_region_refetches_itself_on_its_events_and_keeps_the_focus(
    page: Page, hall: Hall
) -> None:
    region = '<div data-refresh-url="/region" data-refresh-on="call">{}</div>'
    hall.region = '<button id="next">Siguiente (3)</button>'
    opened(page, hall, region.format('<button id="next">Siguiente (4)</button>'), LIVE)
    expect(page.locator("#next")).to_have_text("Siguiente (3)")
    page.locator("#next").focus()
    hall.region = '<button id="next">Siguiente (2)</button>'
    hall.send("event: call\ndata: 1\n\n")
    expect(page.locator("#next")).to_have_text("Siguiente (2)")
    expect(page.locator("#next")).to_be_focused()


def test_many_events_at_once_make_one_request(page: Page, hall: Hall) -> None:
    hall.region = "<p>lista</p>"
    opened(page, hall, '<div data-refresh-url="/region" data-refresh-on="call"></div>', LIVE)
    expect(page.get_by_text("lista")).to_be_visible()
    before = hall.asked.count("/region")
    hall.send("event: call\ndata: 1\n\n" * 20)
    until(lambda: hall.asked.count("/region") > before, page)
    page.wait_for_timeout(300)
    assert hall.asked.count("/region") == before + 1


def test_an_event_of_another_name_leaves_the_region_alone(page: Page, hall: Hall) -> None:
    hall.region = "<p>lista</p>"
    opened(page, hall, '<div data-refresh-url="/region" data-refresh-on="call"></div>', LIVE)
    expect(page.get_by_text("lista")).to_be_visible()
    before = hall.asked.count("/region")
    hall.send("event: queue\ndata: 1\n\n")
    page.wait_for_timeout(300)
    assert hall.asked.count("/region") == before


def test_announcements_follow_one_another_and_none_is_dropped(page: Page, hall: Hall) -> None:
    opened(page, hall)
    page.evaluate(
        """async () => {
          const { Announcer } = await import("/static/js/speak.js");
          const announcer = new Announcer({ volume: 0 });
          await Promise.all(["R012", "P007", "R012"].map((text) => announcer.announce(text)));
        }"""
    )
    heard = page.evaluate("heard.map(([name, detail]) => name + ' ' + detail.text)")
    assert heard == [
        f"speak:{edge} {code}" for code in ("R012", "P007", "R012") for edge in ("start", "end")
    ]


def test_a_machine_without_sound_or_voice_still_finishes_its_announcement(
    page: Page, hall: Hall
) -> None:
    opened(page, hall)
    spoken = page.evaluate(
        """async () => {
          Object.defineProperty(window, "speechSynthesis", { value: undefined });
          window.AudioContext = class { constructor() { throw new Error("no device"); } };
          const { Announcer } = await import("/static/js/speak.js");
          return new Announcer().announce("R012");
        }"""
    )
    assert spoken is False


IDLE = '<dialog id="idle-dialog"><b data-idle-count></b><button>Aquí estoy</button></dialog>'


def test_an_abandoned_kiosk_warns_and_then_starts_again(page: Page, hall: Hall) -> None:
    idle = 'data-idle-after="0.3" data-idle-warn="1" data-idle-url="/region"'
    opened(page, hall, IDLE, idle)
    hall.region = "<p>Bienvenida</p>"
    expect(page.locator("[data-idle-count]")).to_have_text("1")
    expect(page.get_by_text("Bienvenida")).to_be_visible()


def test_a_touch_during_the_warning_keeps_the_errand(page: Page, hall: Hall) -> None:
    opened(page, hall, IDLE, 'data-idle-after="0.5" data-idle-warn="30" data-idle-url="/region"')
    page.get_by_role("button", name="Aquí estoy").click()
    expect(page.locator("#idle-dialog")).to_be_hidden()
    assert page.url == f"{hall.url}/"


def test_a_choice_of_contrast_lasts_until_it_is_reset(page: Page, hall: Hall) -> None:
    buttons = "<button data-contrast-toggle>C</button><button data-preferences-reset>R</button>"
    opened(page, hall, buttons)
    page.get_by_text("C", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-contrast", "high")
    assert [(c["name"], c["value"]) for c in page.context.cookies()] == [("contrast", "high")]
    page.get_by_text("R", exact=True).click()
    assert page.context.cookies() == []
