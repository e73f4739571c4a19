"""What the hall's page is: in the municipality's language, small, of this server, about nobody."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.displays.cast import Hall, until, until_shown, watch

from turnero_core.i18n import gettext, speaking

MOST_BYTES = 150_000
WEIGHT = """() => ["navigation", "resource"]
  .flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""


def test_the_hall_speaks_the_municipalitys_language_whatever_the_browser_prefers(
    page: Page, hall: Hall
) -> None:
    page.set_extra_http_headers({"Accept-Language": "en"})
    page.context.add_cookies([{"name": "turnero_language", "value": "en", "url": hall.url}])
    watch(page, hall.url)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    with speaking("es"):
        expect(page.locator("#hall-calls")).to_have_text(gettext("Latest calls"))


@pytest.mark.parametrize("locale", ["en", "pt"])
def test_another_municipality_speaks_another_language(page: Page, hall: Hall, locale: str) -> None:
    hall.prepare(locale=locale)
    watch(page, hall.url)
    expect(page.locator("html")).to_have_attribute("lang", locale)


def test_an_address_may_ask_for_a_language_and_keeps_it_when_it_refreshes(
    page: Page, hall: Hall
) -> None:
    hall.take()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    watch(page, f"{hall.url}?lang=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".hall__name")).to_have_text("rentas (en)")
    until(page, lambda: any("/hall/centro/board" in url for url in asked))
    assert all("lang=en" in url for url in asked if "/hall/centro/board" in url)
    expect(page.locator(".hall__name")).to_have_text("rentas (en)")


def test_a_screen_is_told_which_halls_there_are(page: Page, hall: Hall) -> None:
    page.goto(hall.url.removesuffix("/centro"))
    page.get_by_role("link", name="Oficina centro").click()
    expect(page).to_have_url(hall.url)


def test_nothing_is_fetched_from_anywhere_else(page: Page, hall: Hall) -> None:
    hall.take()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    watch(page, hall.url)
    hall.next()
    until_shown(page, 1)
    own = urlsplit(hall.url).netloc
    assert len(asked) > 10
    assert [url for url in asked if urlsplit(url).netloc != own] == []


def test_no_error_is_told_to_the_console(page: Page, hall: Hall) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    hall.take()
    watch(page, hall.url)
    hall.next()
    until_shown(page, 1)
    assert told == []


def test_the_first_page_is_light(page: Page, hall: Hall) -> None:
    for _ in range(10):
        hall.take()
    page.goto(hall.url, wait_until="load")
    page.wait_for_selector('html[data-connection="online"]')
    weight = page.evaluate(WEIGHT)
    assert 20_000 < weight < MOST_BYTES


def test_nothing_personal_reaches_the_hall(page: Page, hall: Hall) -> None:
    """Staff write reasons, and turns have tokens: neither is anybody else's to read."""
    hall.take()
    waiting = hall.take()
    secret = "Rosa Quispe, documento 40123456, está con su bebé"
    watch(page, hall.url, "window.events = [];")
    for kind in ("call", "queue", "ready"):
        page.evaluate(
            "(kind) => document.addEventListener("
            "`live:${kind}`, (event) => events.push(event.detail.data))",
            kind,
        )
    called = hall.do("call", waiting, desk="2", reason=secret)
    hall.do("put-back", called, reason=secret)
    until_shown(page, 1)
    until(page, lambda: len(page.evaluate("events")) >= 2)
    heard = str(page.evaluate("events"))
    page.wait_for_timeout(300)
    board = hall.app.test_client().get("/hall/centro/board").get_data(as_text=True)
    token = waiting["status_url"].rsplit("/", 1)[1]
    for private in ("Quispe", "40123456", "bebé", "test", token):
        assert private not in heard
        assert private not in board
        assert private not in page.content()
    keys = {"ticket", "desk", "desk_name", "service", "count", "at", "ticket_id", "language"}
    assert set(page.evaluate("events.find((data) => data.ticket)")) <= keys
