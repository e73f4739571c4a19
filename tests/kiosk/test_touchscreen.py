"""The kiosk as a person meets it: glass, fingers, keys, a wall clock and a cable that comes off."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.axe import objections
from tests.kiosk.glass import LANDSCAPE, PORTRAIT, arrive, measure, touch
from tests.kiosk.lobby import Lobby, token_of

LANGUAGES = ("es", "en", "pt")
SCREENS = (
    "start",
    "categories",
    "services",
    "sheet",
    "turn",
    "help",
    "refusal",
    "idle",
    "gone",
)
# The longest of the demonstration: five papers to bring, and a fee.
DENSE = "/service/licencia-obra"


@pytest.fixture
def glass(city: Lobby, browser: Browser) -> Iterator[Page]:
    """A tall kiosk at the entrance, showing the start."""
    context = browser.new_context(
        viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]}, base_url=city.url
    )
    page = context.new_page()
    page.goto("/kiosk/centro")
    yield page
    context.close()


def begin(page: Page, language: str = "es") -> None:
    touch(page, f".start__way[lang={language}]", "categories")


STEPS: dict[str, Callable[[Page], object]] = {
    "categories": lambda page: None,
    "services": lambda page: touch(page, ".choose__tiles .tile", "services"),
    "sheet": lambda page: page.goto(f"/kiosk/centro{DENSE}"),
    "turn": lambda page: (
        page.goto("/kiosk/centro/service/rentas"),
        touch(page, "button[value=paper]", "turn"),
    ),
    "help": lambda page: touch(page, "[href='/kiosk/centro/help']", "help"),
    "refusal": lambda page: page.goto("/kiosk/centro/service/castles"),
    "idle": lambda page: page.evaluate("document.getElementById('idle-dialog').showModal()"),
    "gone": lambda page: page.evaluate("document.documentElement.dataset.gone = ''"),
}


def show(page: Page, screen: str, language: str) -> None:
    """Bring a kiosk from its start to a screen."""
    if screen != "start":
        begin(page, language)
        STEPS[screen](page)


def test_an_ordinary_errand_takes_three_touches(glass: Page, city: Lobby) -> None:
    before = len(city.tickets())
    touches = [
        (".start__way--first", "categories"),
        (".frequent__item", "sheet"),
        ("button[value=paper]", "turn"),
    ]
    for selector, screen in touches:
        touch(glass, selector, screen)

    assert len(touches) == 3
    assert len(city.tickets()) == before + 1
    number = city.tickets()[-1]
    expect(glass.locator(".number--xl")).to_have_text(f"{number.prefix}{number.number:03d}")


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_fits_the_glass_and_the_finger(glass: Page, screen: str) -> None:
    show(glass, screen, "es")
    for size in (PORTRAIT, LANDSCAPE):
        found = measure(glass, size)

        assert max(found["over"]) <= 1, size
        assert found["outside"] == [], size
        assert min(found["targets"], default=64) >= 64, size
        assert min(found["letters"]) >= 24, size


def test_larger_letters_fit_too(glass: Page) -> None:
    glass.locator("[data-text-toggle]").click()
    begin(glass)
    expect(glass.locator("[data-text-toggle]")).to_have_attribute("aria-pressed", "true")
    for path in ("/choose", "/choose/tributos", DENSE):
        glass.goto(f"/kiosk/centro{path}")
        for size in (PORTRAIT, LANDSCAPE):
            assert max(measure(glass, size)["over"]) <= 1, (path, size)


@pytest.mark.parametrize(("screen", "language"), list(zip(SCREENS, cycle(LANGUAGES))))
def test_no_screen_has_anything_that_axe_objects_to(
    glass: Page, screen: str, language: str
) -> None:
    show(glass, screen, language)
    assert objections(glass) == []


def test_high_contrast_is_one_touch_and_ends_with_the_visit(glass: Page) -> None:
    glass.locator("[data-contrast-toggle]").click()
    begin(glass)
    expect(glass.locator("html")).to_have_attribute("data-contrast", "high")
    assert objections(glass) == []

    touch(glass, "[data-start-again]", "start")

    expect(glass.locator("html")).not_to_have_attribute("data-contrast", "high")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with the Tab key")


def test_a_turn_can_be_taken_with_the_keyboard_alone(glass: Page, city: Lobby) -> None:
    before = len(city.tickets())
    for selector, screen in (
        (".start__way--first", "categories"),
        (".choose__tiles .tile", "services"),
        (".choose__tiles .tile", "sheet"),
    ):
        tab_to(glass, selector)
        glass.keyboard.press("Enter")
        arrive(glass, screen)
    tab_to(glass, "input[name=priority]")
    glass.keyboard.press("ArrowDown")
    tab_to(glass, "button[value=phone]")
    outline = glass.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    glass.keyboard.press("Enter")
    expect(glass.locator("#page[data-screen=turn]")).to_be_visible()

    assert float(outline.removesuffix("px")) >= 3
    assert len(city.tickets()) == before + 1
    assert city.issued_events()[-1].data["paper"] is False


def test_a_new_screen_is_announced_by_its_heading(glass: Page) -> None:
    begin(glass)
    touch(glass, ".choose__tiles .tile", "services")

    assert glass.evaluate("document.activeElement.id") == "heading"
    expect(glass).to_have_title(re.compile("Tributos|Taxes"))


def test_the_start_is_light_and_asks_nobody_else(city: Lobby, browser: Browser) -> None:
    context = browser.new_context(base_url=city.url)
    page = context.new_page()
    asked: list[str] = []
    sizes: list[int] = []

    def count(size: dict[str, int]) -> None:
        sizes.append(size["responseBodySize"] + size["responseHeadersSize"])

    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfinished", lambda request: count(request.sizes()))
    page.goto("/kiosk/centro")
    page.wait_for_timeout(500)
    context.close()

    assert len(asked) > 10
    assert [url for url in asked if not url.startswith(f"{city.url}/")] == []
    assert sum(sizes) < 150_000


def test_an_abandoned_screen_warns_and_starts_again(city: Lobby, browser: Browser) -> None:
    context = browser.new_context(base_url=city.url)
    page = context.new_page()
    page.clock.install()
    page.goto("/kiosk/centro")
    begin(page, "en")

    page.clock.fast_forward(46_000)
    expect(page.locator("#idle-dialog")).to_be_visible()
    page.locator("#idle-dialog [data-dialog-close]").click()
    expect(page.locator("#idle-dialog")).to_be_hidden()
    expect(page.locator("#page[data-screen=categories]")).to_be_visible()

    page.clock.fast_forward(46_000)
    expect(page.locator("[data-idle-count]")).to_be_visible()
    page.clock.fast_forward(16_000)
    expect(page.locator("#page[data-screen=start]")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    context.close()


def test_a_turn_leaves_the_screen_by_itself_and_going_back_does_not_show_it(
    city: Lobby, browser: Browser
) -> None:
    context = browser.new_context(base_url=city.url)
    page = context.new_page()
    page.clock.install()
    page.goto("/kiosk/centro")
    begin(page)
    touch(page, ".frequent__item", "sheet")
    touch(page, "button[value=phone]", "turn")
    address = page.url
    number = page.locator(".number--xl").inner_text()

    page.clock.fast_forward(15_000)
    page.locator("[data-more-time]").click()
    page.clock.fast_forward(30_000)
    expect(page.locator(".number--xl")).to_have_text(number)
    page.clock.fast_forward(31_000)
    expect(page.locator("#page[data-screen=start]")).to_be_visible()

    page.go_back()
    expect(page.locator("body")).not_to_contain_text(number)
    page.goto(address)
    expect(page.locator("#page[data-screen=start]")).to_be_visible()
    context.close()


def test_the_history_of_a_visit_is_one_page_long(glass: Page) -> None:
    before = glass.evaluate("history.length")
    begin(glass)
    touch(glass, ".frequent__item", "sheet")
    touch(glass, "button[value=phone]", "turn")
    touch(glass, ".turn__leave [data-start-again]", "start")

    assert glass.evaluate("history.length") == before


def test_a_touch_before_all_scripts_are_there_leaves_nothing_in_the_history(glass: Page) -> None:
    begin(glass)
    late: list[Route] = []

    def keep_back(route: Route) -> None:
        late.append(route)

    glass.route("**/technician*", keep_back)
    glass.goto(glass.url, wait_until="commit")
    expect(glass.locator("[data-clock]")).to_be_visible()
    # The kiosk's own script runs: it is what forbids the browser's menu.
    menu = "() => !document.dispatchEvent(new Event('contextmenu', { cancelable: true }))"
    glass.wait_for_function(menu)
    before = glass.evaluate("history.length")
    glass.locator(".frequent__item").first.click(no_wait_after=True)
    expect(glass.locator("#page[data-screen=sheet]")).to_be_visible()

    assert late
    assert glass.evaluate("history.length") == before


def test_a_list_that_renews_itself_leaves_a_touch_alone(glass: Page) -> None:
    """What was touched stays until its answer is shown: how, is written around it."""
    begin(glass)
    before = glass.evaluate("history.length")
    late: list[Route] = []

    def keep_back(route: Route) -> None:
        late.append(route)

    glass.route("**/service/**", keep_back)
    with glass.expect_request("**/service/**"):
        glass.locator(".frequent__item").first.click(no_wait_after=True)
    with glass.expect_response(lambda answer: "x-region" in answer.request.headers):
        glass.evaluate("document.dispatchEvent(new CustomEvent('live:service'))")
    glass.wait_for_timeout(200)
    late[0].continue_()
    arrive(glass, "sheet")

    assert glass.evaluate("history.length") == before
    expect(glass.locator("[id=page]")).to_have_count(1)


def test_a_double_tap_gives_one_turn(glass: Page, city: Lobby) -> None:
    before = len(city.tickets())
    begin(glass)
    touch(glass, ".frequent__item", "sheet")
    glass.locator("button[value=phone]").dblclick()
    expect(glass.locator("#page[data-screen=turn]")).to_be_visible()

    assert len(city.tickets()) == before + 1


def test_a_lost_answer_covers_the_screen_and_the_next_touch_shows_the_same_turn(
    glass: Page, city: Lobby
) -> None:
    before = len(city.tickets())
    begin(glass)
    touch(glass, ".frequent__item", "sheet")

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    glass.route("**/turn", lose, times=1)
    glass.locator("button[value=phone]").click()
    expect(glass.locator("#gone")).to_be_visible()
    expect(glass.locator("#gone")).to_be_hidden()
    touch(glass, "button[value=phone]", "turn")

    assert len(city.tickets()) == before + 1


def test_a_server_that_is_gone_is_said_at_once_and_found_again(glass: Page) -> None:
    begin(glass)
    expect(glass.locator("html")).to_have_attribute("data-connection", "online")

    glass.context.set_offline(True)
    expect(glass.locator("#gone")).to_be_visible()
    assert glass.locator("#page").evaluate("(page) => page.inert")

    glass.context.set_offline(False)
    expect(glass.locator("#gone")).to_be_hidden(timeout=40_000)
    touch(glass, ".choose__tiles .tile", "services")


def test_a_touch_while_the_server_is_gone_leaves_no_error_of_the_browser(glass: Page) -> None:
    begin(glass)
    glass.route("**/kiosk/centro/**", lambda route: route.abort())
    glass.locator("[data-start-again]").click()
    expect(glass.locator("#gone")).to_be_visible()

    glass.unroute_all()
    expect(glass.locator("#page[data-screen=start]")).to_be_visible(timeout=40_000)


def test_a_touch_counts_though_the_queue_moves_under_the_finger(glass: Page) -> None:
    expect(glass.locator("html")).to_have_attribute("data-connection", "online")
    glass.locator(".start__way[lang=en]").hover()
    glass.mouse.down()
    glass.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("region:refreshed", done, {once: true});
          document.dispatchEvent(new CustomEvent("live:queue"));
        })"""
    )
    glass.mouse.up()

    arrive(glass, "categories")
    expect(glass.locator("html")).to_have_attribute("lang", "en")


def test_the_ways_in_follow_an_office_that_opens(glass: Page) -> None:
    expect(glass.locator("html")).to_have_attribute("data-connection", "online")
    invitation = glass.locator(".start__way--first strong")
    open_now = invitation.inner_text()
    invitation.evaluate("(line) => { line.textContent = 'what it said while it was closed' }")
    glass.evaluate("document.dispatchEvent(new CustomEvent('live:queue'))")

    expect(invitation).to_have_text(open_now)


def test_a_touch_leads_on_once_a_server_that_was_gone_is_back(glass: Page) -> None:
    expect(glass.locator("html")).to_have_attribute("data-connection", "online")
    glass.route("**/kiosk/centro/now", lambda route: route.abort())
    glass.locator(".start__way[lang=pt]").click()
    expect(glass.locator("#gone")).to_be_visible()

    glass.unroute_all()
    arrive(glass, "categories")
    expect(glass.locator("html")).to_have_attribute("lang", "pt")


def test_a_refusal_swaps_in_like_any_screen(glass: Page) -> None:
    begin(glass)
    touch(glass, ".frequent__item", "sheet")
    glass.locator("input[name=service]").evaluate("(input) => { input.value = 'castles' }")
    touch(glass, "button[value=phone]", "refusal")
    touch(glass, "#main [data-start-again]", "start")


def test_the_pages_work_without_any_script(city: Lobby, browser: Browser) -> None:
    context = browser.new_context(base_url=city.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/kiosk/centro")
    for selector in (".start__way", ".frequent__item", "button[value=phone]"):
        page.locator(selector).first.click()
    expect(page.locator("#page[data-screen=turn]")).to_be_visible()
    token = token_of(page.content())
    page.locator("#main [data-start-again]").click()
    expect(page.locator("#page[data-screen=start]")).to_be_visible()
    context.close()

    assert city.ticket(token).state == "waiting"
