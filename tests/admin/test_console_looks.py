"""What the staff's screens are to eyes, ears and networks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.admin.cityhall import PASSWORD, CityHall
from tests.admin.keys import DRAWN, escape, hotkey
from tests.axe import objections

LOOKS = [
    ("es", "light", ""),
    ("en", "dark", ""),
    ("pt", "dark", "high"),
]
DIALOGS = {"t": "transfer-dialog", "v": "desk-dialog", "?": "help-dialog"}
LARGEST = 150_000
# Again and again, for the list may be fetched anew meanwhile; and until its page has noticed.
SCROLLED = """() => {
  const list = document.querySelector(".queue__scroll");
  if (list && list.scrollTop !== 150) list.scrollTo(0, 150);
  return list?.scrollTop === 150;
}"""


@pytest.fixture
def screen(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=address)
    context.set_default_timeout(45_000)
    yield context
    context.close()


def dress(screen: BrowserContext, address: str, language: str, theme: str, contrast: str) -> None:
    wanted = {"turnero_language": language, "theme": theme, "contrast": contrast}
    for name, value in wanted.items():
        if value:
            screen.add_cookies([{"name": name, "value": value, "url": address}])


def sign_in(page: Page, to: str = "/console/centro/1") -> None:
    page.goto(f"/login?next={to}")
    page.locator("[name=login]").fill("ana")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(to) and "next=" not in url)
    if to != "/console":
        ready(page)


def ready(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-console", "ready")
    expect(page.locator("html")).to_have_attribute("data-connection", "online")


def check(page: Page, where: str) -> None:
    """No violation, and nothing to scroll."""
    assert objections(page) == [], where
    sizes = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert sizes[0] <= sizes[1], where


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollHeight <= innerHeight"))


def fill_hall(hall: CityHall) -> None:
    for priority in ("standard", "preferential", "standard") * 5:
        hall.take_turn("rentas", priority)


@pytest.mark.parametrize(("language", "theme", "contrast"), LOOKS)
def test_every_screen_is_accessible(
    screen: BrowserContext,
    address: str,
    open_hall: CityHall,
    language: str,
    theme: str,
    contrast: str,
) -> None:
    dress(screen, address, language, theme, contrast)
    page = screen.new_page()
    page.goto("/login")
    check(page, "login")
    sign_in(page, "/console")
    check(page, "choice of desks")
    page.goto("/password")
    check(page, "password")
    page.goto("/console/centro/99")
    check(page, "problem")
    page.goto("/console/centro/1")
    ready(page)
    check(page, "nobody waiting")
    fill_hall(open_hall)
    expect(page.locator(".queue__count").first).to_have_text("15")
    assert fits(page)
    check(page, "idle")
    # The part with the keys is fetched apart from the queue: all is there once “next” is.
    expect(page.locator('[data-hotkey="N"]:not(:disabled):visible').first).to_be_visible()
    page.locator("[data-call-url]").first.click()
    expect(page.locator("#call-dialog")).to_be_visible()
    check(page, "call-dialog")
    escape(page, "call-dialog")
    hotkey(page, "n")
    expect(page.locator(".now--called")).to_be_visible()
    assert fits(page)
    check(page, "called")
    hotkey(page, "s")
    expect(page.locator(".now--serving")).to_be_visible()
    assert fits(page)
    check(page, "serving")
    for key, dialog in DIALOGS.items():
        hotkey(page, key)
        expect(page.locator(f"#{dialog}")).to_be_visible()
        check(page, dialog)
        escape(page, dialog)


def test_parked_and_missed_people_fit_too(screen: BrowserContext, open_hall: CityHall) -> None:
    fill_hall(open_hall)
    ana = open_hall.clerk()
    for verbs in (("no-show",), ("start", "park"), ("start", "finish"), ("start", "park")):
        ana.at_desk("next")
        called = next(key for key, state in open_hall.states().items() if state == "called")
        for verb in verbs:
            ana.do(verb, called)
    page = screen.new_page()
    sign_in(page)
    expect(page.locator(".aside__row")).to_have_count(3)
    assert fits(page)
    check(page, "set aside")


def test_a_busy_queue_scrolls_inside_its_panel_and_keeps_its_place(
    screen: BrowserContext, open_hall: CityHall
) -> None:
    fill_hall(open_hall)
    page = screen.new_page()
    sign_in(page)
    page.wait_for_function(SCROLLED)
    page.evaluate(DRAWN)
    open_hall.take_turn()
    expect(page.locator(".queue__count").first).to_have_text("16")
    assert fits(page)
    assert page.locator(".queue__scroll").evaluate("(list) => list.scrollTop") == 150


def test_a_narrow_screen_scrolls_down_but_never_sideways(
    screen: BrowserContext, open_hall: CityHall
) -> None:
    fill_hall(open_hall)
    page = screen.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page)
    expect(page.locator("[data-hotkey=N]")).to_be_visible()
    check(page, "narrow")


def test_the_first_page_is_small_and_asks_nobody_else(
    screen: BrowserContext, address: str, open_hall: CityHall
) -> None:
    fill_hall(open_hall)
    page = screen.new_page()
    sign_in(page, "/console")
    sizes: dict[str, int] = {}
    network = screen.new_cdp_session(page)
    network.send("Network.enable")
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/console/centro/1")
    ready(page)
    page.wait_for_load_state("load")
    assert errors == []
    assert all(url.startswith(address) for url in asked)
    assert 20_000 < sum(sizes.values()) < LARGEST, sizes
