"""Texts, halls, branding, the file and procedures in a real browser: live previews, no barriers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.admin.cityhall import PASSWORD, CityHall
from tests.admin.test_panel_in_a_browser import DESK, PHONE, barriers, sign_in

from turnero_core import clock
from turnero_queue import staff

ROOT = "/admin/configuration"
TEXTS = f"{ROOT}/appearance/texts"
PAGES = (
    TEXTS,
    f"{ROOT}/appearance/offices/centro/texts",
    f"{ROOT}/appearance/offices/centro/hall",
    f"{ROOT}/appearance/branding",
    f"{ROOT}/file",
    f"{ROOT}/procedures",
)
PROCEDURES = b'{"services": [{"title": "Partidas", "theme": "doc"}, {"title": ""}]}'
WRONG = "municipality: {name: X}\nservices: []\n"


@pytest.fixture
def page(browser: Browser, address: str, open_hall: CityHall) -> Iterator[Page]:
    with open_hall.database.write() as session:
        staff.create(
            session,
            "rosa",
            PASSWORD,
            clock.now(),
            name="Rosa Quispe",
            role="administrator",
            must_change_password=False,
        )
    context = browser.new_context(viewport=DESK, base_url=address, locale="en-GB")  # type: ignore[arg-type]
    context.set_default_timeout(45_000)
    page = context.new_page()
    sign_in(page, "rosa")
    expect(page.get_by_role("heading", name="Hello, Rosa Quispe")).to_be_visible()
    yield page
    context.close()


def test_what_is_written_is_seen_at_once_on_paper_and_screens_and_then_in_the_hall(
    page: Page,
) -> None:
    page.goto(TEXTS)
    expect(page.locator(".screen--hall iframe")).to_be_visible()
    page.locator("[name='text.slip_footer.es']").fill("Reclamos: 0800-12345")
    page.locator("[name='text.hall_idle.es']").fill("Tome <b>asiento</b>")
    page.get_by_label("Preview in").select_option("es")

    paper = page.locator(".texts-paper img")
    expect(paper).to_have_attribute("alt", re.compile("0800-12345"))
    expect(paper).to_have_attribute("src", re.compile("^data:image/png"))
    hall = page.frame_locator(".screen--hall iframe")
    expect(hall.locator(".hall__invitation")).to_have_text("Tome <b>asiento</b>")

    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. Screens and slips say it")).to_be_visible()
    page.goto("/hall/centro?lang=es")
    expect(page.locator(".hall__invitation")).to_have_text("Tome <b>asiento</b>")

    page.goto(f"{ROOT}/appearance/branding")
    page.get_by_label("Colour as #rrggbb").fill("#ee6600")
    expect(page.get_by_text("3.2 : 1")).to_be_visible()
    expect(page.get_by_text("a darker tone of it")).to_be_visible()


def test_no_page_of_texts_file_and_procedures_has_a_barrier(page: Page) -> None:
    found = {}
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in PAGES:
            page.goto(path)
            expect(page.locator("main h1")).to_have_count(1)
            found[f"{path} {size['width']}"] = barriers(page)
    page.goto(f"{ROOT}/file")
    page.locator("main details summary").click()
    page.get_by_label("Text of the file").fill(WRONG)
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_role("heading", name="The file cannot be used")).to_be_visible()
    found["findings"] = barriers(page)
    page.goto(f"{ROOT}/file")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download the file").click()
    changed = taken.value.path().read_text("utf-8").replace("prefix: M", "prefix: Q", 1)
    file = {"name": "town.yaml", "mimeType": "text/yaml", "buffer": changed.encode()}
    page.get_by_label("File").first.set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_role("heading", name="What the file would change")).to_be_visible()
    found["changes"] = barriers(page)
    page.goto(f"{ROOT}/procedures")
    file = {"name": "tramites.json", "mimeType": "application/json", "buffer": PROCEDURES}
    page.get_by_label("File").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Show what it would change").click()
    expect(page.get_by_role("button", name="Put 1 change in force")).to_be_visible()
    found["procedures"] = barriers(page)
    assert found == {key: [] for key in found}
