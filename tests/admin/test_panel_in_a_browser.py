"""The panel in a real browser: an administrator takes on a cashier, who starts to work."""

from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.admin.cityhall import PASSWORD, CityHall
from tests.axe import objections

from turnero_core import clock
from turnero_queue import staff

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
OWN = "cuatro palabras azules"
PAGES = (
    "/admin",
    "/admin/staff",
    "/admin/staff/new",
    "/admin/staff/ana",
    "/admin/audit",
    "/admin/account",
    "/admin/account/second-factor",
)
Open = Callable[..., Page]


@pytest.fixture
def town(open_hall: CityHall) -> CityHall:
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
    return open_hall


@pytest.fixture
def window(browser: Browser, address: str, town: CityHall) -> Iterator[Open]:
    """`window(size)`: a browser of its own at which nobody has signed in."""
    contexts = []

    def opened(size: dict[str, int] = DESK) -> Page:
        context = browser.new_context(viewport=size, base_url=address, locale="en-GB")  # type: ignore[arg-type]
        context.set_default_timeout(45_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.goto("/login")
    page.get_by_label("User").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def barriers(page: Page) -> list[str]:
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return objections(page) + (["the page moves sideways"] if sideways else [])


def test_an_administrator_takes_on_a_cashier_who_starts_to_work(window: Open) -> None:
    office = window()
    sign_in(office, "rosa")
    office.get_by_role("navigation", name="Sections").get_by_role("link", name="Staff").click()
    office.get_by_role("link", name="New account").click()
    office.get_by_label("Name").fill("Marta Rojas")
    office.get_by_label("Login").fill("M")
    office.get_by_role("button", name="Create the account").click()
    expect(office.get_by_label("Login")).to_have_attribute("aria-invalid", "true")
    expect(office.get_by_label("Name")).to_have_value("Marta Rojas")
    office.get_by_label("Login").fill("marta")
    office.get_by_label("Cashier, City Hall").check()
    office.get_by_role("button", name="Create the account").click()
    password = office.locator("#new-password").inner_text()
    office.get_by_role("link", name="Done").click()
    expect(office.get_by_label("Cashier, City Hall")).to_be_checked()

    phone = window(PHONE)
    sign_in(phone, "marta", password)
    expect(phone.get_by_role("heading", name="Change my password")).to_be_visible()
    phone.goto("/admin")
    expect(phone.get_by_role("heading", name="Change my password")).to_be_visible()
    phone.get_by_label("Present password").fill(password)
    phone.get_by_label("New password", exact=True).fill(OWN)
    phone.get_by_label("New password, once more").fill(OWN)
    phone.get_by_role("button", name="Change it").click()
    expect(phone.get_by_role("heading", name="Hello, Marta Rojas")).to_be_visible()
    phone.locator("summary", has_text="Menu").click()
    menu = phone.get_by_role("navigation", name="Sections")
    expect(menu.get_by_role("link", name="Desks")).to_be_visible()
    expect(menu.get_by_role("link", name="Staff")).to_have_count(0)
    expect(phone.locator(".office-now")).to_have_count(1)
    phone.goto("/admin/staff")
    expect(phone.get_by_role("heading", name="Not allowed")).to_be_visible()

    phone.goto("/admin/account/second-factor")
    secret = phone.locator(".panel__secret").inner_text().replace(" ", "")
    phone.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    phone.get_by_role("button", name="Switch it on").click()
    spare = phone.locator(".panel__codes li").first.inner_text()
    phone.get_by_role("button", name="Sign out").click()
    sign_in(phone, "marta", OWN)
    phone.get_by_label("Code", exact=True).fill(spare)
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("heading", name="Hello, Marta Rojas")).to_be_visible()

    office.reload()
    expect(office.get_by_text("second factor", exact=True)).to_be_visible()
    office.get_by_role("button", name="Take out of use").click()
    office.get_by_role("dialog").get_by_role("button", name="Take out of use").click()
    expect(office.get_by_text("Marta Rojas can no longer sign in.")).to_be_visible()
    phone.goto("/admin")
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_page_of_the_panel_has_a_barrier(window: Open, size: dict[str, int]) -> None:
    page = window(size)
    sign_in(page, "rosa")
    expect(page.get_by_role("heading", name="Hello, Rosa Quispe")).to_be_visible()
    found = {}
    for path in PAGES:
        page.goto(path)
        expect(page.locator("main h1")).to_have_count(1)
        found[path] = barriers(page)
    page.goto("/login")
    assert found == {path: [] for path in PAGES}
