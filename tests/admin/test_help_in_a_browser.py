"""Help with both screens open at once: somebody calls, a clerk goes, helps on the kiosk's screen
with a yes, and the citizen takes the turn."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from tests.admin.cityhall import PASSWORD, CityHall
from tests.admin.test_panel_in_a_browser import DESK, PHONE, barriers, sign_in
from tests.kiosk.glass import PORTRAIT, fits, no_barrier

from turnero_core import clock
from turnero_queue import catalogue, models, satisfaction, staff
from turnero_queue.models import Assistance, HelpCall
from turnero_queue.satisfaction import Occasion

KIOSK = {"width": PORTRAIT[0], "height": PORTRAIT[1]}
Open = Callable[[dict[str, int]], Page]


@pytest.fixture
def supervised(open_hall: CityHall) -> CityHall:
    """The city hall with a supervisor, and the survey on."""
    with open_hall.database.write() as session:
        staff.create(
            session, "jefa", PASSWORD, clock.now(), name="Carmen Flores", role="supervisor",
            must_change_password=False,
        )  # fmt: skip
        office = session.scalars(select(models.Office).where(models.Office.code == "centro")).one()
        office.rules = {**office.rules, "survey_asked": 1}
        catalogue.bump_version(session)
        zone = catalogue.current(session).office("centro").zone
        today = clock.local_date(clock.now(), zone)
        for n in range(6):
            occasion = Occasion(str(n), "phone", office.id, today, 10)
            satisfaction.answer(session, occasion, 5 - n % 3)
            satisfaction.comment(session, occasion, 4, "<b>Rápido</b> y amable")
    return open_hall


@pytest.fixture
def window(browser: Browser, address: str, open_hall: CityHall) -> Iterator[Open]:
    """`window(size)`: a browser of its own."""
    contexts = []

    def opened(size: dict[str, int]) -> Page:
        context = browser.new_context(viewport=size, base_url=address, locale="en-GB")  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def somebody_calls(kiosk: Page, desk: Page) -> None:
    """At the kiosk; the desk hears of it at once."""
    kiosk.goto("/kiosk/centro/choose?lang=en")
    kiosk.get_by_role("link", name="Help").click()
    call = kiosk.get_by_role("button", name="Call somebody")
    expect(call).to_be_visible()
    fits(kiosk)
    no_barrier(kiosk)
    call.click()
    pressed = time.monotonic()
    banner = desk.locator(".help-call")
    expect(banner).to_contain_text("Help needed at Screen 127.0.0.1")
    assert time.monotonic() - pressed < 2
    expect(banner).to_contain_text("Choosing a service")
    expect(kiosk.locator(".help__word")).to_have_text("We have told the staff")
    fits(kiosk)
    assert barriers(desk) == []


def ana_goes_and_asks(kiosk: Page, desk: Page) -> None:
    """The kiosk says so on every page; she sees nothing before the yes."""
    banner = desk.locator(".help-call")
    banner.get_by_role("button", name="I am going").click()
    expect(kiosk.locator(".help__word")).to_have_text("Ana is coming")
    no_barrier(kiosk)
    kiosk.get_by_role("link", name="Go on").click()
    expect(kiosk.locator(".helping")).to_contain_text("Ana is coming")
    fits(kiosk)
    banner.get_by_role("button", name="Help on their screen").click()
    expect(desk.locator("#assist")).to_contain_text("Waiting for their yes")
    expect(desk.locator("#assist-frame")).to_be_hidden()
    consent = kiosk.get_by_role("dialog")
    expect(consent).to_contain_text("Ana wants to help you on this screen")
    no_barrier(kiosk)
    consent.get_by_role("button", name="Yes, help me here").click()


def ana_leads_to_a_sheet(kiosk: Page, desk: Page) -> None:
    """What she touches, the kiosk turns to; what only the citizen touches does nothing here."""
    frame, mirror = desk.locator("#assist-frame"), desk.frame_locator("#assist-frame")
    expect(kiosk.locator(".helping")).to_contain_text("Ana is helping you on this screen")
    expect(frame).to_be_visible()
    fits(kiosk)
    mirror.locator("a.tile").first.click()
    kiosk.wait_for_url("**/choose/*")
    expect(frame).to_have_attribute("src", re.compile("choose%2F|choose/"))
    mirror.locator("a.tile").first.click()
    kiosk.wait_for_url("**/service/*")
    expect(mirror.locator(".sheet__ways button").first).to_be_disabled()
    assert barriers(desk) == []
    fits(kiosk)


def test_somebody_calls_a_clerk_helps_on_the_screen_and_one_turn_is_taken(
    window: Open, open_hall: CityHall
) -> None:
    desk, kiosk = window(DESK), window(KIOSK)
    sign_in(desk, "ana")
    desk.goto("/console/centro/1")
    expect(desk.locator("body")).to_have_attribute("data-console", "ready")
    somebody_calls(kiosk, desk)
    ana_goes_and_asks(kiosk, desk)
    ana_leads_to_a_sheet(kiosk, desk)
    assert open_hall.states() == {}

    # The citizen confirms; their turn is not shown to her, and the start ends it all.
    kiosk.locator(".sheet__ways button").first.click()
    expect(kiosk.locator(".turn__ticket")).to_be_visible()
    expect(desk.locator("#assist")).to_contain_text("The citizen is entering data")
    expect(desk.locator("#assist-frame")).to_be_hidden()
    expect(desk.get_by_role("button", name="Show all services")).to_have_count(0)
    kiosk.get_by_role("link", name="Done").click()
    expect(desk.locator("#assist")).to_contain_text("The kiosk is at its start again")
    desk.get_by_role("button", name="Done").click()
    expect(desk.locator(".help-call")).to_have_count(0)
    assert list(open_hall.states().values()) == ["waiting"]
    with open_hall.database.read() as session:
        assert session.scalars(select(Assistance.ended_how)).all() == ["start"]
        assert session.scalars(select(HelpCall.ended_how)).all() == ["done"]


def test_nothing_stands_in_the_way_of_anybody(window: Open, supervised: CityHall) -> None:
    """axe on the pages of satisfaction: the kiosk, the phone, the results."""
    kiosk = window(KIOSK)
    kiosk.goto("/kiosk/centro/choose?lang=en")
    kiosk.goto("/kiosk/centro/rate")
    expect(kiosk.locator(".faces__one")).to_have_count(5)
    fits(kiosk)
    no_barrier(kiosk)
    kiosk.get_by_role("button", name="Very good").click()
    expect(kiosk.locator("#heading")).to_have_text("Thank you")
    fits(kiosk)
    no_barrier(kiosk)
    kiosk.get_by_role("link", name="A few voluntary questions").click()
    expect(kiosk.locator("#heading")).to_have_text("About you")
    fits(kiosk)
    no_barrier(kiosk)
    kiosk.locator("input[name=gender][value=unsaid]").check()
    kiosk.get_by_role("button", name="Send").click()
    expect(kiosk.locator("#heading")).to_have_text("Thank you")

    boss = window(DESK)
    sign_in(boss, "jefa")
    for path in ("/admin/satisfaction", "/admin/help"):
        for size in (DESK, PHONE):
            boss.set_viewport_size(size)  # type: ignore[arg-type]
            boss.goto(path)
            assert barriers(boss) == [], path
    boss.goto("/admin/satisfaction")
    expect(boss.locator("body")).to_contain_text("<b>Rápido</b> y amable")
