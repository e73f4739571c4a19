"""The configuration in real browsers: an office opened from the panel alone, and every page."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.admin import machines
from tests.admin.cityhall import PASSWORD, CityHall
from tests.axe import objections

from turnero_queue.configuration import editing
from turnero_queue.configuration import tree as trees

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
GLASS = {"width": 1080, "height": 1920}
CONFIGURATION = "/admin/configuration"
CENTRO = f"{CONFIGURATION}/offices/centro"
PAGES = (
    CONFIGURATION,
    f"{CONFIGURATION}/services?q=predial",
    f"{CONFIGURATION}/categories",
    f"{CONFIGURATION}/services/edit/rentas",
    f"{CONFIGURATION}/services/retire/rentas",
    f"{CONFIGURATION}/rules",
    f"{CONFIGURATION}/municipality",
    f"{CONFIGURATION}/messages",
    f"{CONFIGURATION}/messages/email",
    f"{CONFIGURATION}/messages/sms",
    f"{CONFIGURATION}/sign-in",
    f"{CONFIGURATION}/payments",
    f"{CONFIGURATION}/payments/methods",
    f"{CONFIGURATION}/payments/providers/mercadopago",
    f"{CONFIGURATION}/payments/points-of-sale/edit/caja-centro",
    f"{CONFIGURATION}/payments/connectors",
    f"{CONFIGURATION}/payments/connectors/new",
    f"{CONFIGURATION}/payments/connectors/new?type=http",
    f"{CONFIGURATION}/payments/connectors/try/rentas",
    f"{CONFIGURATION}/payments/certificates/edit/no_debt",
    f"{CONFIGURATION}/offices",
    f"{CONFIGURATION}/offices/-/new",
    CENTRO,
    f"{CENTRO}/general",
    f"{CENTRO}/hours",
    f"{CENTRO}/closures",
    f"{CENTRO}/services",
    f"{CENTRO}/desks",
    f"{CENTRO}/desks/new",
    f"{CENTRO}/printers",
    f"{CENTRO}/printers/new",
    f"{CENTRO}/rules",
)
Open = Callable[..., Page]


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Open]:
    contexts: list[BrowserContext] = []

    def opened(size: dict[str, int] = DESK, **cookies: str) -> Page:
        context = browser.new_context(viewport=size, base_url=address, locale="en-GB")  # type: ignore[arg-type]
        contexts.append(context)
        for name, value in {"turnero_language": "en", **cookies}.items():
            context.add_cookies([{"name": name, "value": value, "url": address}])
        context.set_default_timeout(45_000)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, login: str) -> Page:
    page.goto("/login")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form[action*=login] button").click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def barriers(page: Page) -> list[str]:
    return objections(page) + sideways(page)


def sideways(page: Page) -> list[str]:
    moves = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{page.url} moves sideways"] if moves else []


def entry(hall: CityHall, *path: str) -> object:
    with hall.database.read() as session:
        return trees.find(editing.present(session), path)


def add_service(page: Page, name: str, letters: str) -> None:
    page.get_by_role("link", name="New service").click()
    page.locator("[name='name.es']").fill(name)
    page.get_by_label("Letters of its turns").fill(letters)
    page.get_by_role("button", name="Save").click()


def test_an_office_is_opened_from_the_panel_alone_and_gives_its_first_turn(
    open_hall: CityHall, window: Open
) -> None:
    machines.hire(open_hall, "sofia", "supervisor")
    panel = sign_in(window(), "sofia")
    panel.get_by_role("navigation", name="Sections").get_by_role(
        "link", name="Configuration"
    ).click()
    panel.get_by_role("main").get_by_role("link", name="Offices").click()
    panel.get_by_role("link", name="New office").click()
    panel.locator("[name='name.es']").fill("Oficina del Puerto")
    panel.get_by_role("button", name="Make the office").click()
    expect(panel.get_by_text("This office cannot give turns yet")).to_be_visible()

    panel.get_by_role("link", name="Opening hours").click()
    panel.get_by_label("Monday, opens (1)").fill("0")
    panel.get_by_label("Monday, closes (1)").fill("24:00")
    panel.get_by_role("button", name="Copy to Tuesday – Friday").click()
    expect(panel.get_by_label("Friday, closes (1)")).to_have_value("24:00")
    for day in ("Saturday", "Sunday"):
        panel.get_by_label(f"{day}, opens (1)").fill("00:00")
        panel.get_by_label(f"{day}, closes (1)").fill("24:00")
    panel.get_by_role("button", name="Save").click()

    panel.get_by_role("link", name="Services here").click()
    for name, letters in (
        ("Permiso de pesca", "w"),
        ("Amarre de botes", "w"),
        ("Venta de hielo", "y"),
    ):
        add_service(panel, name, letters)
        panel.get_by_label(name, exact=True).check()
        panel.get_by_role("button", name="Save").click()
        panel.get_by_role("link", name="Services here").click()
    expect(panel.get_by_role("checkbox", checked=True)).to_have_count(3)
    back_to_the_office(panel)

    panel.get_by_role("link", name="Desks of the office").click()
    for _ in range(2):
        panel.get_by_role("link", name="New desk").click()
        panel.get_by_role("button", name="Save").click()
    expect(
        panel.get_by_role("list", name="Desks of the office").get_by_role("listitem")
    ).to_have_count(2)
    back_to_the_office(panel)
    expect(panel.get_by_text("This office is ready to give turns")).to_be_visible()
    assert barriers(panel) == []

    address = panel.get_by_role("link", name="/kiosk/oficina-del-puerto").inner_text()
    panel.get_by_role("link", name="Kiosk", exact=True).click()
    sheet = panel.get_by_role("region", name="Take a code to it")
    expect(sheet.get_by_label("Kind")).to_have_value("kiosk")
    expect(sheet.get_by_label("Office")).to_have_value("oficina-del-puerto")
    sheet.get_by_label("Name").fill("Kiosk of the port")
    sheet.get_by_role("button", name="Make the sheet").click()
    code = panel.locator(".device-sheet__code").inner_text()
    assert panel.pdf().startswith(b"%PDF")

    glass = window(GLASS)
    glass.goto("/kiosk/-/setup?lang=en")
    glass.get_by_text("I have a sheet with a code").click()
    glass.locator("input[name=code]").fill(code)
    glass.locator("form:has(input[name=code]) button[type=submit]").click()
    glass.wait_for_url("**/kiosk/oficina-del-puerto*")
    assert glass.url.startswith(address)
    glass.goto(f"{address}?lang=en")
    take_a_turn(glass, "Permiso de pesca")
    expect(glass.locator(".number").first).to_have_text("W001")


def back_to_the_office(panel: Page) -> None:
    panel.locator(".panel__actions").get_by_role("link", name="Oficina del Puerto").click()


def take_a_turn(glass: Page, service: str) -> None:
    glass.locator(".start__way--first").click()
    glass.get_by_role("main").get_by_text(service).first.click()
    glass.locator("button[name=how]").first.click()


def test_everybody_can_use_the_configurations_pages(open_hall: CityHall, window: Open) -> None:
    machines.hire(open_hall)
    found: list[str] = []
    desk, phone = sign_in(window(), "elena"), sign_in(window(PHONE, theme="dark"), "elena")
    for number, path in enumerate(PAGES):
        page = (desk, phone)[number % 2]
        page.goto(path)
        found += barriers(page)
        page.set_viewport_size((PHONE, DESK)[number % 2])  # type: ignore[arg-type]
        found += sideways(page)
        page.set_viewport_size((DESK, PHONE)[number % 2])  # type: ignore[arg-type]

    found += changed_by_two(open_hall, desk, phone)
    moved_by_keyboard_and_by_hand(open_hall, desk)
    assert found == []


def moved_by_keyboard_and_by_hand(open_hall: CityHall, desk: Page) -> None:
    # By keyboard alone: one step down, the keyboard stays with the row.
    before = trees.codes(entry(open_hall, "categories"))  # type: ignore[arg-type]
    desk.goto(f"{CONFIGURATION}/categories")
    desk.locator(f"button[value='down:{before[0]}']").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(f"button[value='down:{before[0]}']")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-order-item] input[name=code]").nth(2)).to_have_value(before[0])

    # By dragging: back to the top.
    handle = desk.locator("[data-order-item]").nth(2).locator("[data-order-handle]")
    top = desk.locator("[data-order-item]").first.bounding_box()
    at = handle.bounding_box()
    assert top is not None
    assert at is not None
    with desk.expect_navigation():
        desk.mouse.move(at["x"] + 5, at["y"] + 5)
        desk.mouse.down()
        desk.mouse.move(at["x"] + 5, top["y"] + 2, steps=6)
        desk.mouse.up()
    assert trees.codes(entry(open_hall, "categories")) == before  # type: ignore[arg-type]


def changed_by_two(open_hall: CityHall, desk: Page, phone: Page) -> list[str]:
    """One service, edited at two places at once; the barriers met on the way."""
    found: list[str] = []
    # Rows of a form: a requirement is added and put first; a wrong field has the keyboard.
    path = f"{CONFIGURATION}/services/edit/rentas"
    desk.goto(path)
    last = desk.locator("[data-row]").last
    last.locator("input").first.fill("Recibo de agua")
    while last.locator("xpath=preceding-sibling::li").count():
        last.get_by_role("button", name="Move up").click()
        last = desk.locator("[data-row]", has=desk.locator("input:focus, button:focus"))
    desk.locator("[name=duration_minutes]").fill("many")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("[name=duration_minutes]")).to_be_focused()
    expect(desk.locator("[name='requirements.es']").first).to_have_value("Recibo de agua")
    found += barriers(desk)
    desk.locator("[name=duration_minutes]").fill("14")

    # Somebody else saves first.
    phone.goto(path)
    phone.locator("[name=duration_minutes]").fill("16")
    phone.get_by_role("button", name="Save").click()
    phone.wait_for_url("**/services")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("somebody else was here meanwhile")).to_be_visible()
    found += barriers(desk)
    desk.get_by_role("button", name="Save").click()
    desk.wait_for_url("**/services")

    phone.goto(f"{CONFIGURATION}/history")
    found += barriers(phone)
    phone.locator(".past__change a").first.click()
    found += barriers(phone)
    phone.get_by_role("button", name="Undo this change").click()
    expect(phone.get_by_text("Undone. What was before is in force again.")).to_be_visible()
    assert entry(open_hall, "services", "rentas", "duration_minutes") == 16

    # Whom it touches is shown before.
    open_hall.take_turn("rentas")
    phone.goto(f"{CONFIGURATION}/services/retire/rentas")
    phone.get_by_role("button", name="Take it out of use").click()
    expect(phone.get_by_text("1 person waits for")).to_be_visible()
    found += barriers(phone)
    return found
