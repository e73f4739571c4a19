"""The statistics pages in a real browser: for everybody, by keyboard, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.admin.cityhall import CityHall
from tests.admin.test_panel_in_a_browser import DESK, PHONE, barriers, sign_in
from tests.admin.turns import BEFORE, DAY

ROOT, THAT_DAY = "/admin/statistics", f"period=custom&from={DAY}&to={DAY}"
PAGES = (
    f"?{THAT_DAY}",
    f"?{THAT_DAY}&office=centro&service=rentas&hour=9",
    f"?period=custom&from={BEFORE}&to={BEFORE}",
    f"/by/service?{THAT_DAY}",
    f"/by/hour?{THAT_DAY}",
    f"/by/day?{THAT_DAY}",
    f"/compare?{THAT_DAY}",
    f"/unusual?{THAT_DAY}",
    "/indicators",
    "/reports",
)


@pytest.fixture
def page(
    browser: Browser, address: str, open_hall: CityHall, evening_sqlite: Path
) -> Iterator[Page]:
    """Ada's browser, on the database of the short day."""
    open_hall.reopen(evening_sqlite)
    context = browser.new_context(
        viewport=DESK,  # type: ignore[arg-type]
        base_url=address,
        locale="en-GB",
        # A colour on its way to another is judged as neither.
        reduced_motion="reduce",
    )
    context.set_default_timeout(45_000)
    opened = context.new_page()
    sign_in(opened, "ada")
    yield opened
    context.close()


def test_nothing_stands_in_anybodys_way_on_any_page(page: Page) -> None:
    for path in PAGES:
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        page.goto(ROOT + path)
        # What is folded away is judged too.
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert barriers(page) == [], path
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="dark")
        assert barriers(page) == [], f"{path} on a phone in the dark"


def test_a_period_is_chosen_and_a_figure_explained_by_keyboard_alone(page: Page) -> None:
    page.goto(ROOT)
    expect(page.get_by_text("Nobody came in this period")).to_be_visible()
    for field in ("from", "to"):
        page.locator(f"#field-{field}").fill(DAY)
    page.locator("#field-to").press("Enter")
    expect(page.get_by_text("7 turns were issued")).to_be_visible()
    explain = page.get_by_label("What “Median wait” means")
    reach(page, "What “Median wait” means")
    page.keyboard.press("Enter")
    expect(explain.locator("xpath=..").get_by_text("Formula")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="When people come, as CSV").press("Enter")
    assert "Monday,09:00,7" in Path(taken.value.path()).read_text(encoding="utf-8-sig")


def reach(page: Page, label: str) -> None:
    """Press Tab until what is called `label` has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == label:
            return
    pytest.fail(f"Tab never comes to {label}")
