"""Rosa's appointment from the first touch to the desk, in a browser; and every screen of it."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from tests.conftest import MONDAY_MORNING
from tests.kiosk.booking import Booked, mailing
from tests.kiosk.glass import PORTRAIT, arrive, fits, no_barrier, scan, touch
from tests.kiosk.lobby import Lobby
from tests.queue.notices.mailbox import MailServer

from turnero_core.db import Database

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def booked(
    clock: time_machine.Traveller, migrated_sqlite: Path, tmp_path: Path, mails: MailServer
) -> Iterator[Booked]:
    """Five past nine on a Monday, behind a real server that writes to a real mail server."""
    shutil.copyfile(migrated_sqlite, tmp_path / "turnero.db")
    database = Database(f"sqlite:///{tmp_path / 'turnero.db'}")
    lobby = Lobby(database, tmp_path).furnish(mailing(mails))
    lobby.add_printer()
    with lobby.served():
        yield Booked(lobby)
    database.dispose()


@pytest.fixture
def mails() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def glass(booked: Booked, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]}, base_url=booked.lobby.url
    )
    page = context.new_page()
    page.goto("/kiosk/centro")
    yield page
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    yield context.new_page()
    context.close()


def type_on_glass(page: Page, text: str) -> None:
    for letter in text:
        page.locator(f'.keyboard [data-skbtn="{letter}"]').click()


def test_booked_mailed_moved_checked_in_and_called_before_who_came_later(
    booked: Booked,
    glass: Page,
    phone: Page,
    mails: MailServer,
    clock: time_machine.Traveller,
) -> None:
    booked.lobby.kiosk().take("rentas")
    assert booked.call_next() == "R001", "what people come for is offered first"
    touches = [
        (".start__way--first", "categories"),
        (".frequent__item", "sheet"),
        (".sheet__book a", "book-day"),
        (".choose__tiles .tile", "book-hour"),
        (".hours__hour", "book-summary"),
    ]
    for selector, screen in touches:
        touch(glass, selector, screen)
    assert len(touches) == 5, "the sixth touch books it"
    glass.get_by_label("Correo electrónico").click()
    type_on_glass(glass, "rosa@example.org")
    glass.locator(".book__ways button").click()
    arrive(glass, "booked")
    [rosa] = booked.all()
    assert (rosa.state, rosa.email) == ("confirmed", "rosa@example.org")

    assert booked.send_mails() == 1
    assert booked.send_mails() == 0, "one confirmation, once"
    [mail] = mails.mailboxes["rosa@example.org"].values()
    link = re.search(r"http://127\.0\.0\.1:\d+/appointments/[\w-]+", mail.as_string())
    assert link, mail

    phone.goto(link[0])
    expect(phone.locator(".webcode__code")).to_be_visible()
    phone.locator("a[href$='/other']").click()
    phone.locator(".tile").first.click()
    phone.get_by_role("button", name=re.compile("10:00$")).click()
    expect(phone.locator(".when__hour")).to_have_text("10:00")
    [moved] = booked.all()
    assert (moved.code, moved.token) == (rosa.code, rosa.token)
    assert booked.send_mails() == 1

    clock.move_to(MONDAY_MORNING + timedelta(minutes=52))
    glass.goto("/kiosk/centro")
    expect(glass.locator("#page[data-screen=start]")).to_be_visible()
    scan(glass, f"{booked.lobby.url}/appointments/{moved.token}")
    arrive(glass, "appointment")
    glass.locator(".book__here button").click()
    arrive(glass, "turn")
    number = glass.locator(".number--xl").inner_text()

    clock.shift(timedelta(minutes=1))
    later = booked.lobby.kiosk()
    later.take("rentas")
    clock.shift(timedelta(minutes=8))
    assert booked.call_next() == number, "she came first, and it is her hour"
    assert booked.call_next() != number
    assert booked.states() == ["checked_in"] or booked.states() == ["done"]


def test_every_screen_of_a_booking_fits_and_has_no_barrier(booked: Booked, glass: Page) -> None:
    for path, screen in (
        ("/kiosk/centro", "start"),
        ("/kiosk/centro/book/rentas", "book-day"),
        ("/kiosk/centro/book/rentas/2026-03-02", "book-hour"),
    ):
        glass.goto(path)
        arrive(glass, screen)
        fits(glass)
        no_barrier(glass)
    touch(glass, ".hours__hour", "book-summary")
    fits(glass)
    glass.locator("input[name=email]").click()
    expect(glass.locator(".keyboard")).to_be_visible()
    fits(glass)
    no_barrier(glass)
    glass.locator('.keyboard [data-skbtn="{done}"]').click()
    glass.locator('.keyboard [data-skbtn="{done}"]').click()
    expect(glass.locator(".keyboard")).to_have_count(0)
    glass.locator(".book__ways button").click()
    arrive(glass, "booked")
    fits(glass)
    no_barrier(glass)
    code = booked.all()[0].code
    glass.goto("/kiosk/centro/appointment")
    expect(glass.locator(".keyboard")).to_be_visible()
    fits(glass)
    no_barrier(glass)
    glass.get_by_role("textbox").fill(code)
    glass.locator(".book__code button").click()
    for selector, screen in (
        (None, "appointment"),
        ("a[href$='/other']", "other-day"),
        (".choose__tiles .tile", "other-hour"),
    ):
        if selector:
            glass.locator(selector).first.click()
        arrive(glass, screen)
        fits(glass)
        no_barrier(glass)
    glass.go_back()
    glass.goto("/kiosk/centro/appointment")
    glass.get_by_role("textbox").fill(code)
    glass.locator(".book__code button").click()
    touch(glass, "a[href$='/cancel']", "appointment-cancel")
    fits(glass)
    no_barrier(glass)


def test_booking_on_a_phone_by_its_pages_alone(booked: Booked, phone: Page) -> None:
    phone.goto(f"{booked.lobby.url}/book?lang=en")
    no_barrier(phone)
    phone.locator(".pick__box").first.check()
    phone.locator(".webbook__go button").click()
    no_barrier(phone)
    phone.locator(".tile").first.click()
    no_barrier(phone)
    phone.locator(".tile").first.click()
    no_barrier(phone)
    phone.locator(".hours__hour").first.click()
    expect(phone.locator("[role=timer]")).to_be_visible()
    no_barrier(phone)
    phone.locator("input[name=phone]").fill("987654321")
    phone.locator("form button[type=submit]").click()
    expect(phone.locator(".webcode")).to_be_visible()
    no_barrier(phone)
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "nothing scrolls sideways"
    assert booked.all()[0].phone == "+51987654321"
