"""A supervisor at three in the afternoon: sees what is wrong, acts, and everybody else sees it."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update
from tests.admin import machines
from tests.admin.cityhall import PASSWORD, CityHall
from tests.axe import objections

from turnero_queue.models import Ticket

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
TALL, WIDE = {"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}
HERE = "/admin/supervision/centro"
SOON_MS = 2_000


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens pages of browsers that know nothing of each other, and closes them all."""
    contexts: list[BrowserContext] = []

    def page(size: dict[str, int], path: str = "") -> Page:
        context = browser.new_context(viewport=size, locale="en-GB", base_url=address)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "turnero_language", "value": "en", "url": address}])
        found = context.new_page()
        if path:
            found.goto(path)
        return found

    yield page
    for context in contexts:
        context.close()


def sign_in(page: Page) -> Page:
    page.goto("/login")
    page.locator("[name=login]").fill("elena")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form[action*=login] button").click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def is_accessible(page: Page) -> None:
    assert objections(page) == []


def fits(page: Page) -> None:
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, f"{page.url} is {over} px too wide"


def shows_soon(page: Page, selector: str, text: str, since: float) -> None:
    """Within two seconds of what was done at `since`, without anybody touching the page."""
    left = SOON_MS - (time.monotonic() - since) * 1000
    expect(page.locator(selector)).to_contain_text(text, timeout=max(1.0, left))


def wait_long(hall: CityHall, ticket_id: str, minutes: int) -> None:
    from datetime import timedelta

    row, ago = hall.ticket(ticket_id), timedelta(minutes=minutes)
    times = {name: getattr(row, name) - ago for name in ("issued_at", "counts_from", "due_at")}
    with hall.database.write() as session:
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(**times))
    hall.database.cache.clear()


def renews_itself(page: Page) -> None:
    """As it does when something happens in the office: every element is a new one then."""
    page.evaluate("document.querySelector('.sup__trouble').dataset.before = ''")
    page.evaluate("document.dispatchEvent(new CustomEvent('live:queue'))")
    expect(page.locator(".sup__trouble[data-before]")).to_have_count(0)


def sees_and_opens_a_desk(elena: Page) -> None:
    """The first thing on the page is what is wrong, and the desk that could help."""
    elena.goto(HERE)
    expect(elena.locator("html[data-connection=online]")).to_be_attached()
    expect(elena.locator(".sup__trouble").first).to_contain_text("No open desk attends")
    first = elena.locator(".sup__trouble .btn").first
    first.focus()
    elena.keyboard.press("Enter")
    dialog = elena.locator("#act")
    expect(dialog).to_be_visible()
    is_accessible(elena)
    renews_itself(elena)
    elena.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(first).to_be_focused()
    first.click()
    dialog.get_by_role("button", name="Open the desk").click()
    expect(elena.locator("[data-doing=idle]")).to_have_count(1)


def pauses_a_service(elena: Page) -> float:
    """Gives when."""
    elena.locator("[data-key=service-rentas]").click()
    dialog = elena.locator("#act")
    dialog.get_by_label("For the rest of today").check()
    dialog.get_by_label("Reason").fill("The system is down")
    since = time.monotonic()
    dialog.get_by_role("button", name="Pause the service").click()
    return since


def moves_somebody(elena: Page, ticket: str) -> None:
    """The page follows by itself."""
    elena.locator(f"[data-key=person-{ticket}]").click()
    dialog = elena.locator("#act")
    dialog.get_by_label("Desk").select_option("4")
    dialog.locator("#move-reason").fill("Needs a map as well")
    dialog.get_by_role("button", name="Move R002").click()
    expect(elena.locator("[data-code=R002]")).to_contain_text("→")


def speaks_to_the_hall(elena: Page, text: str) -> float:
    """Gives when."""
    elena.get_by_role("link", name="Message to the hall").click()
    dialog = elena.locator("#act")
    dialog.get_by_label("Text in Spanish").fill(text)
    dialog.get_by_label("Until").fill("23:59")
    since = time.monotonic()
    dialog.get_by_role("button", name="Show it in the hall").click()
    return since


def is_below_the_calls(hall: Page) -> None:
    foot = hall.locator("#hall-message").bounding_box()
    calls = hall.locator(".hall__main").bounding_box()
    assert foot is not None
    assert calls is not None
    assert foot["y"] >= calls["y"] + calls["height"] - 1


def test_what_a_supervisor_does_reaches_kiosk_hall_and_desks_at_once(
    open_hall: CityHall, opened: Callable[..., Page]
) -> None:
    machines.hire(open_hall)
    long, moved = open_hall.take_turn("rentas"), open_hall.take_turn("rentas")
    wait_long(open_hall, long, 30)
    elena = sign_in(opened(DESK))
    kiosk = opened(TALL, "/kiosk/centro/choose/tributos?lang=en")
    hall = opened(WIDE, "/hall/centro?lang=en")
    for screen in (kiosk, hall):
        expect(screen.locator("html[data-connection=online]")).to_be_attached()

    sees_and_opens_a_desk(elena)
    since = pauses_a_service(elena)
    shows_soon(kiosk, ".choose__tiles", "Paused for today", since)
    is_accessible(kiosk)
    moves_somebody(elena, moved)
    assert open_hall.events(moved)[-1].reason == "Needs a map as well"
    since = speaks_to_the_hall(elena, "Catastro vuelve a las 15:00")
    shows_soon(hall, "#hall-message", "Catastro vuelve a las 15:00", since)
    is_below_the_calls(hall)
    is_accessible(hall)
    every_page_is_for_everybody(elena, open_hall.take_turn("catastro"))


def every_page_is_for_everybody(elena: Page, ticket: str) -> None:
    pages = ("", "/desks/4", f"/tickets/{ticket}", "/services/rentas", "/message")
    for path in (*(f"{HERE}{page}" for page in pages), "/admin/supervision"):
        for size in (PHONE, DESK):
            elena.set_viewport_size(size)  # type: ignore[arg-type]
            elena.goto(path)
            fits(elena)
        is_accessible(elena)
    elena.goto(HERE)
    elena.set_viewport_size(PHONE)  # type: ignore[arg-type]
    elena.evaluate("document.documentElement.dataset.theme = 'dark'")
    is_accessible(elena)
