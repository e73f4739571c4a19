"""Messages on the server: sent by the process that leads, and read in the demonstration."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from tests.axe import objections
from tests.server.demonstration import Demonstration

from turnero_core import clock
from turnero_core.i18n import speaking
from turnero_core.settings import Settings
from turnero_queue import notices
from turnero_queue.models import Municipality, Notice
from turnero_queue.notices import AppointmentData, Contact, samples
from turnero_queue.notices.providers import inbox
from turnero_server.app import create_app
from turnero_server.checks.notices import notices as check
from turnero_server.demo.inbox_views import SETTINGS
from turnero_server.notices import Sending

NAME = '<img src=x onerror="document.title=1"> Rosa'
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*/static/:ResourceWarning")


def book(demo: Demonstration, key: str, to: Contact) -> None:
    data = samples.sample("appointment-confirmed", to.language)
    assert isinstance(data, AppointmentData)
    start = clock.now() + timedelta(days=2)
    data = replace(data, start=clock.rfc3339(start), name=NAME)
    data = replace(data, end=clock.rfc3339(start + timedelta(minutes=20)))
    with demo.database.write() as session:
        notices.enqueue(
            session, "appointment-confirmed", key=key, to=to, data=data, now=clock.now()
        )


def sent(demo: Demonstration) -> list[str]:
    with demo.database.read() as session:
        return sorted(session.scalars(select(Notice.key).where(Notice.state == "sent")))


def until(true: Callable[[], bool]) -> bool:
    """Waits, long on a slow machine, for what has to come."""
    pause = threading.Event()
    for _ in range(3000):
        if true():
            return True
        pause.wait(0.02)
    return False


def sending(demo: Demonstration, leads: Callable[[], bool]) -> Sending:
    hub = demo.runtime.hub
    return Sending(demo.database, hub, demo.settings.instance, leads, SETTINGS)


def test_the_process_that_leads_sends_and_another_does_not(demo: Demonstration) -> None:
    leading = threading.Event()
    asked = threading.Semaphore(0)

    def leads() -> bool:
        asked.release()
        return leading.is_set()

    worker = sending(demo, leads)
    worker.start()
    book(demo, "rosa", Contact("rosa@example.com", None, "en"))
    for _ in range(2):
        assert asked.acquire(timeout=60)
    assert sent(demo) == []
    leading.set()
    book(demo, "luz", Contact(None, "+51987654321", "en"))
    assert until(lambda: sent(demo) == ["luz", "rosa"])
    worker.stop()
    worker.stop()
    book(demo, "late", Contact("late@example.com", None, "en"))
    assert len(inbox.newest(demo.settings.instance)) == 2
    assert sent(demo) == ["luz", "rosa"]


def test_a_mail_is_read_in_the_inbox_safely_and_its_calendar_is_downloaded(
    demo: Demonstration, browser: Browser
) -> None:
    worker = sending(demo, lambda: True)
    worker.start()
    with demo.served():
        context = browser.new_context(base_url=demo.url, locale="en-GB")
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.goto("/")
        page.get_by_role("link", name="The inbox").click()
        expect(page.get_by_text("Nothing has arrived yet.")).to_be_visible()
        book(demo, "rosa", Contact("rosa@example.com", None, "en"))
        book(demo, "luz", Contact(None, "+51987654321", "en"))
        # The list follows by itself.
        page.get_by_role("link", name="rosa@example.com").click()
        mail = page.frame_locator("iframe")
        expect(mail.get_by_text("Your appointment is booked.")).to_be_visible()
        expect(mail.get_by_text(f"Hello {NAME},")).to_be_visible()
        expect(mail.locator("script, img[src=x]")).to_have_count(0)
        expect(mail.get_by_alt_text("QR code of your appointment")).to_be_visible()
        assert objections(page) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="appointment.ics").click()
        calendar = Calendar.from_ical(Path(download.value.path()).read_bytes())
        assert calendar["METHOD"] == "REQUEST"
        page.get_by_role("link", name="+51987654321").click()
        expect(page.locator(".inbox__bubble")).to_contain_text("K7MQ")
        assert [line for line in said if line.startswith("error")] == []
        context.close()
    worker.stop()


def test_nothing_but_messages_can_be_fetched_and_only_in_the_demonstration(
    demo: Demonstration, tmp_path: Path
) -> None:
    worker = sending(demo, lambda: True)
    worker.start()
    book(demo, "rosa", Contact("rosa@example.com", None, "es"))
    assert until(lambda: sent(demo) == ["rosa"])
    worker.stop()
    visitor = demo.app.test_client()
    page = visitor.get("/demo/inbox")
    [name] = set(re.findall(r"/demo/inbox/([0-9a-f]{32})\.html", page.text))
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    mail = visitor.get(f"/demo/inbox/{name}.html")
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    file = visitor.get(f"/demo/inbox/{name}/0")
    assert file.mimetype == "text/calendar"
    assert "attachment" in file.headers["Content-Disposition"]
    missing = (f"{name}/7", f"{'0' * 32}.html", "..%2f..%2fsecret_key.html", "secret_key/0")
    for path in missing:
        assert visitor.get(f"/demo/inbox/{path}").status_code == 404, path
    assert visitor.get("/demo/inbox?open=../../secret_key").status_code == 200
    real = create_app(Settings(tmp_path, str(demo.database.url), "x" * 20, "", 0), demo.database)
    assert real.test_client().get("/demo/inbox").status_code == 404


def test_the_doctor_says_what_keeps_messages_from_leaving(demo: Demonstration) -> None:
    def findings(base_url: str) -> list[tuple[str, str]]:
        settings = replace(demo.settings, base_url=base_url)
        with demo.database.read() as session:
            return [(found.level.value, found.said) for found in check(session, settings)]

    assert findings("") == []
    with demo.database.write() as session:
        row = session.get_one(Municipality, 1)
        server = {"provider": "smtp", "sender": "a@b.example", "host": "mail.example"}
        row.notices = {"email": {**server, "secret_file": "smtp_password"}}
    with speaking("en"):
        [missing, nowhere] = findings("")
        folder = demo.settings.instance / "secrets"
        folder.mkdir()
        file = folder / "smtp_password"
        file.write_text("hunter2")
        file.chmod(0o644)
        [good, open_to_others] = findings("https://turnos.example")
        file.chmod(0o600)
        assert findings("https://turnos.example") == [good] == [("ok", "E-mail")]
    assert missing[0] == nowhere[0] == open_to_others[0] == "warn"
    assert "secrets/smtp_password" in missing[1]
    assert "TURNERO_BASE_URL" in nowhere[1]
    assert str(file) in open_to_others[1]
    assert "hunter2" not in str([missing, nowhere, open_to_others])
