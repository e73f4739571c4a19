"""The turn's page on a phone: it lives, and when the number is called it says so."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from tests.axe import objections
from tests.kiosk.lobby import Lobby

from turnero_core import clock
from turnero_queue import catalogue, devices
from turnero_queue.models import Office
from turnero_queue.models.devices import DeviceKind

PHONE = {"width": 390, "height": 844}
RECORD = """
window.buzzes = [];
const vibrate = (pattern) => buzzes.push(pattern) > 0;
Object.defineProperty(navigator, "vibrate", { value: vibrate });
"""


@pytest.fixture
def hand(city: Lobby, browser: Browser) -> Iterator[Page]:
    """A phone that records its buzzes."""
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        base_url=city.url,
        has_touch=True,
        is_mobile=True,
    )
    context.add_init_script(RECORD)
    yield context.new_page()
    context.close()


def calls(page: Page) -> int:
    """How often the phone buzzed for a call."""
    count: int = page.evaluate("buzzes.filter((pattern) => Array.isArray(pattern)).length")
    return count


def free(city: Lobby, token: str) -> None:
    """The desk is free for the next test."""
    city.does("start", token)
    city.does("finish", token)


def test_a_call_reaches_the_phone_at_once(city: Lobby, hand: Page) -> None:
    token = city.kiosk().take(how="phone")
    hand.goto(f"/t/{token}")
    expect(hand.locator("html")).to_have_attribute("data-connection", "online")
    hand.locator("[data-sound]").click()
    assert calls(hand) == 0

    city.does("call", token)

    expect(hand.locator(".status--called .status__code")).to_have_text("1")
    expect(hand).to_have_title(re.compile("^● R"))
    assert calls(hand) == 1

    city.does("recall", token)
    expect(hand.locator("[data-calls='2']")).to_be_visible()
    assert calls(hand) == 2
    free(city, token)
    expect(hand.locator(".status--done")).to_be_visible()


def test_anothers_call_does_not_buzz(city: Lobby, hand: Page) -> None:
    token, other = (city.kiosk().take(how="phone") for _ in range(2))
    hand.goto(f"/t/{token}")
    expect(hand.locator("html")).to_have_attribute("data-connection", "online")

    city.does("call", other)
    free(city, other)

    hand.wait_for_timeout(500)
    expect(hand.locator(".status--waiting")).to_be_visible()
    assert calls(hand) == 0


def test_a_phone_that_was_away_recovers_and_buzzes(city: Lobby, hand: Page) -> None:
    token = city.kiosk().take(how="phone")
    hand.goto(f"/t/{token}")
    expect(hand.locator("html")).to_have_attribute("data-connection", "online")

    hand.context.set_offline(True)
    expect(hand.locator("#connection")).not_to_be_empty()
    city.does("call", token)
    hand.context.set_offline(False)

    expect(hand.locator(".status--called")).to_be_visible(timeout=40_000)
    assert calls(hand) == 1
    free(city, token)


def test_a_page_opened_after_the_call_buzzes_too(city: Lobby, hand: Page) -> None:
    token = city.kiosk().take(how="phone")
    city.does("call", token)

    hand.goto(f"/t/{token}")

    expect(hand.locator(".status--called")).to_be_visible()
    assert calls(hand) == 1
    free(city, token)


def test_giving_up_asks_first(city: Lobby, hand: Page) -> None:
    token = city.kiosk().take(how="phone")
    hand.goto(f"/t/{token}")
    hand.locator("[data-ask-cancel]").click()
    hand.locator("[data-keep-turn]").click()
    expect(hand.locator("#cancel-dialog")).to_be_hidden()
    assert city.ticket(token).state == "waiting"

    hand.locator("[data-ask-cancel]").click()
    hand.locator("#cancel-dialog button").click()

    expect(hand.locator(".status--cancelled")).to_be_visible()
    assert city.ticket(token).state == "cancelled"


def test_the_page_fits_the_phone_and_the_thumb(city: Lobby, hand: Page) -> None:
    token = city.kiosk().take(how="phone")
    hand.goto(f"/t/{token}")
    # The page refreshes what is shown once it is connected; a box is measured after that.
    expect(hand.locator("html")).to_have_attribute("data-connection", "online")

    assert hand.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for selector in ("[data-sound]", "[data-ask-cancel]"):
        expect(hand.locator(selector)).to_be_visible()
        box = hand.locator(selector).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44


def test_axe_objects_to_nothing(city: Lobby, hand: Page) -> None:
    token = city.kiosk().take(how="phone")
    pages = ((f"/t/{token}", "es"), (f"/t/{token}/cancel", "en"), ("/t/nobodys-token", "pt"))
    for path, language in pages:
        hand.goto(f"{path}?lang={language}")
        assert objections(hand) == []
    city.does("call", token)
    hand.goto(f"/t/{token}?lang=pt")
    found = objections(hand)
    free(city, token)

    assert found == []


def attended(city: Lobby) -> str:
    """Somebody was attended at desk 1 just now; the token of their turn."""
    token = city.kiosk().take(how="phone")
    city.does("call", token)
    free(city, token)
    return token


def barriers(page: Page) -> list[str]:
    """What axe objects to, and whether anything is beyond the right edge."""
    wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*objections(page), *(["wider than the screen"] if wider else [])]


def test_the_question_on_the_phone_has_no_barrier(city: Lobby, hand: Page) -> None:
    with city.database.write() as session:
        office = session.scalars(select(Office).where(Office.code == "centro")).one()
        office.rules = {**office.rules, "survey_asked": 1}
        catalogue.bump_version(session)
    token = attended(city)
    hand.goto(f"/t/{token}/rate?lang=es")
    expect(hand.locator(".faces__one")).to_have_count(5)
    assert barriers(hand) == []
    hand.locator(".faces__one").nth(3).click()
    expect(hand.locator("textarea")).to_be_visible()
    assert barriers(hand) == []
    hand.goto(f"/t/{token}/rate/survey?lang=pt")
    expect(hand.locator(".survey__choice").first).to_be_visible()
    assert barriers(hand) == []


@pytest.mark.parametrize("size", [(1280, 800), (800, 1280)])
def test_the_question_on_the_tablet_has_no_barrier(
    city: Lobby, browser: Browser, size: tuple[int, int]
) -> None:
    with city.database.write() as session:
        kind = DeviceKind.TABLET.value
        code = devices.invite(
            session, kind, name="Tablet", office_id=None, actor="test", now=clock.now()
        )
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, base_url=city.url)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/tablet")
    page.locator("[name=code]").fill(code)
    page.locator("form [type=submit]").click()
    page.wait_for_url("**/tablet")
    page.goto("/tablet/norte/1")
    expect(page.locator(".tablet__rest")).to_be_visible()
    assert barriers(page) == []
    attended(city)
    page.goto("/tablet/centro/1")
    expect(page.locator(".faces__one")).to_have_count(5)
    assert barriers(page) == []
    page.locator(".faces__one").nth(4).click()
    expect(page.locator(".tablet__thanks")).to_be_visible()
    assert barriers(page) == []
    context.close()
