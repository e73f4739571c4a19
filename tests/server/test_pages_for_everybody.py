"""The pages that belong to no face: read by everybody, in three languages, without a barrier."""

from itertools import cycle

import pytest
from playwright.sync_api import Page
from tests.axe import objections
from tests.displays.cast import Hall
from tests.displays.conftest import served_hall  # noqa: F401 - the fixture that serves the town

LANGUAGES = ("es", "en", "pt")
PAGES = (
    "/",
    "/api/docs",
    "/styleguide",
    "/hall",
    "/kiosk",
    "/nothing-here",
)


@pytest.fixture
def town(served_hall: Hall) -> Hall:  # noqa: F811
    served_hall.prepare()
    return served_hall


@pytest.mark.parametrize(("path", "last"), list(zip(PAGES, cycle(LANGUAGES))))
def test_a_page_has_content_and_no_barrier(page: Page, town: Hall, path: str, last: str) -> None:
    for language in sorted(LANGUAGES, key=lambda language: language == last):
        page.goto(f"{town.url.removesuffix('/hall/centro')}{path}?lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("main h1").count() == 1
        assert len(page.locator("main").inner_text()) > 40
    assert objections(page) == []


def test_the_api_page_shows_every_call_of_the_document(page: Page, town: Hall) -> None:
    root = town.url.removesuffix("/hall/centro")
    paths = town.app.test_client().get("/api/v1/openapi.json").json["paths"]
    page.goto(f"{root}/api/docs")
    shown = page.locator("main").inner_text()
    assert len(paths) > 15
    assert [path for path in paths if path not in shown] == []
