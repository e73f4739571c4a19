"""A hall with a server of its own, the people called in it, and what a browser does there."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select
from tests.queue import factories
from tests.queue.town import Town
from werkzeug.serving import make_server

from turnero_queue.announcements import CALL_KINDS
from turnero_queue.models import TicketEvent
from turnero_server.tables import metadata

DESKS = 10
SERVICES = ("rentas", "catastro", "licencias", "matrimonio", "obras", "becas", "ferias")

# Keeps what the hall did, in order.
WATCH = """
  window.shown = [];
  document.addEventListener("hall:shown", (event) => shown.push(event.detail));
"""
# Short waits pass in no time, so that a day at the hall can be watched; long ones stay as they are.
HURRY = """
  const realTimeout = window.setTimeout;
  window.setTimeout = (act, ms = 0, ...rest) =>
    realTimeout(act, ms > 20_000 ? ms : ms / {times}, ...rest);
"""
# A machine with a sound card and the voices of `languages`, which keeps what it was given to say.
VOICES = """
  window.said = [];
  window.chimes = 0;
  const voices = {languages}.map((lang) => ({{ lang, name: lang, localService: true }}));
  voices.push({{ lang: "en-US", name: "from the internet", localService: false }});
  window.SpeechSynthesisUtterance = class {{ constructor(text) {{ this.text = text; }} }};
  Object.defineProperty(window, "speechSynthesis", {{ value: {{
    getVoices: () => voices,
    addEventListener() {{}},
    speak(utterance) {{
      said.push([utterance.lang, utterance.text]);
      queueMicrotask(() => utterance.onend());
    }},
  }} }});
  const gain = {{ setValueAtTime() {{}}, exponentialRampToValueAtTime() {{}} }};
  const node = {{ frequency: {{}}, gain, start() {{}}, stop() {{}}, connect: (next) => next }};
  window.AudioContext = class extends EventTarget {{
    state = "running";
    currentTime = 0;
    createGain() {{ return node; }}
    createOscillator() {{ chimes += 1 / 6; return node; }}
  }};
"""


class Hall(Town):
    """The office `centro` of San Martín, open round the clock; `url` is its screen's address."""

    url = ""

    def prepare(self, services: int = 6, **municipality: Any) -> None:
        with self.database.write() as session:
            for table in reversed(metadata.sorted_tables):
                if not table.info.get("append_only"):
                    session.execute(table.delete())
            factories.create_municipality(session, **municipality)
            factories.create_priority(session)
            rows = [
                factories.create_service(session, code, position=n)
                for n, code in enumerate(SERVICES[:services])
            ]
            hours = factories.ROUND_THE_CLOCK
            office = factories.create_office(session, "centro", rows, hours=hours)
            for n in range(1, DESKS + 1):
                names = {"es": f"Ventanilla {n}", "en": f"Desk {n}"}
                factories.create_desk(session, office, str(n), rows, name=names)
            self.database.cache.clear()
            self.token = factories.create_token(session)

    @contextmanager
    def served(self) -> Iterator[None]:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        self.url = f"http://127.0.0.1:{server.port}/hall/centro"
        yield
        server.shutdown()
        thread.join()
        server.server_close()

    def calls(self) -> list[str]:
        """The numbers called so far, in the order they were."""
        with self.database.read() as session:
            rows = session.scalars(
                select(TicketEvent.data)
                .where(TicketEvent.kind.in_(CALL_KINDS))
                .order_by(TicketEvent.seq)
            )
            return [row["call"]["ticket"] for row in rows]

    def next(self, desk: str = "1") -> dict[str, Any]:
        return self.called(desk, finish_current=True)


def watch(page: Page, url: str, *scripts: str) -> None:
    """Open the hall's screen and wait until it listens."""
    for script in (WATCH, *scripts):
        page.add_init_script(script)
    page.goto(url)
    page.wait_for_selector('html[data-connection="online"]')


def hurry(times: int = 20) -> str:
    return HURRY.replace("{times}", str(times))


def voices(*languages: str) -> str:
    return VOICES.format(languages=list(languages))


def until_shown(page: Page, count: int, patience_s: float = 30) -> list[str]:
    """The numbers shown large, in order, once there are `count`."""
    until(page, lambda: page.evaluate("shown.length") >= count, patience_s)
    numbers: list[str] = page.evaluate("shown.map((call) => call.ticket)")
    return numbers


def until(page: Page, holds: Callable[[], bool], patience_s: float = 30) -> None:
    end = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < end, "it never happened"
        page.wait_for_timeout(20)


def make_call(number: str, **facts: Any) -> dict[str, Any]:
    """A call as the stream tells it."""
    usual = {"desk": "3", "desk_name": "Ventanilla 3", "count": 1, "language": "es"}
    return {"ticket": number, **usual, **facts}


def send(page: Page, *calls: dict[str, Any]) -> None:
    """Calls that arrive at the page, all at once."""
    page.evaluate(
        "(calls) => calls.forEach((data) => document.dispatchEvent("
        "new CustomEvent('live:call', { detail: { id: '0', data } })))",
        list(calls),
    )
