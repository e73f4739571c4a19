"""A day at the cash desk in a real browser, worked with keys; every page at two sizes."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.admin import tills
from tests.admin.cityhall import PASSWORD, CityHall
from tests.admin.machines import hire
from tests.admin.test_money_pages import certified
from tests.axe import objections

from turnero_queue.connectors.demo import TWO_DEBTS

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
Open = Callable[[str], Page]


@pytest.fixture
def town(open_hall: CityHall) -> CityHall:
    tills.employ(open_hall)
    hire(open_hall, "elena", "administrator")
    return open_hall


@pytest.fixture
def at_work(browser: Browser, address: str, town: CityHall) -> Iterator[Open]:
    """`at_work(login)`: a browser of its own in which somebody has signed in."""
    contexts = []

    def opened(login: str) -> Page:
        context = browser.new_context(viewport=DESK, base_url=address, locale="en-GB")  # type: ignore[arg-type]
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("User").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()


def ready(page: Page, title: str) -> None:
    """Its heading is there and its keys work; it has no barriers, at a desk and on a phone."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("body[data-cash=ready]")).to_be_attached()
    look(page)


def key(page: Page, name: str) -> None:
    """Press a key of the cash desk once the page that is shown listens to it."""
    expect(page.locator("body[data-cash=ready]")).to_be_attached()
    page.keyboard.press(name)


def look(page: Page) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert objections(page) == []
        width = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(width) <= 0, f"{page.url} moves sideways at {size}"


def test_a_cashier_s_day_from_the_float_to_the_approval(at_work: Open, town: CityHall) -> None:
    code = str(tills.voucher(town, 1_550).voucher)
    page = at_work("carmen")
    open_the_drawer(page)
    take_a_voucher(page, code)
    withdraw_and_look_around(page)
    count_blind(page)
    approve(at_work("saul"))
    row = tills.till(town)
    assert (row.state, row.difference_minor, len(tills.receipts(town))) == ("closed", -550, 1)


def open_the_drawer(page: Page) -> None:
    page.goto("/admin/cash")
    ready(page, "Open the cash desk")
    page.locator("#piece-5000").fill("1")
    page.locator("#piece-1000").fill("5")
    expect(page.locator("[data-coins-total]")).to_have_text("100,00 PEN")
    key(page, "F9")


def take_a_voucher(page: Page, code: str) -> None:
    ready(page, "City Hall cash desk")
    expect(page.locator("#scan")).to_be_focused()
    # A scanner types wherever the last click was.
    page.get_by_role("heading", level=1).click()
    page.keyboard.type(f"{code}\n")
    ready(page, "To be paid")
    expect(page.get_by_label("Money given")).to_be_focused()
    page.keyboard.type("10")
    expect(page.locator("[data-change-label]")).to_have_text("Missing")
    page.locator("[data-quick='2000']").click()
    expect(page.locator("[data-change-live]")).to_have_text("4,50 PEN")
    page.keyboard.press("Enter")
    ready(page, "City Hall cash desk")
    expect(page.locator("[data-change]")).to_have_text("4,50 PEN")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paid already")
    key(page, "Escape")


def withdraw_and_look_around(page: Page) -> None:
    expect(page.locator("#scan")).to_be_focused()
    key(page, "F7")
    ready(page, "Withdraw money")
    page.keyboard.type("40")
    page.get_by_label("What for").fill("to the safe")
    page.keyboard.press("Enter")
    expect(page.locator(".till__done")).to_contain_text("40,00 PEN")
    key(page, "F2")
    ready(page, "Charge a fee")
    key(page, "Escape")
    expect(page.locator("#scan")).to_be_focused()
    key(page, "F4")
    expect(page.get_by_label("Number")).to_be_focused()
    page.keyboard.type(f"{TWO_DEBTS}\n")
    expect(page.get_by_role("checkbox")).to_have_count(2)
    ready(page, "Look up debts")
    page.get_by_role("button", name="Charge what is ticked").click()
    expect(page.get_by_label("Money given")).to_be_focused()
    page.get_by_role("button", name="Do not charge it").click()


def count_blind(page: Page) -> None:
    expect(page.locator("#scan")).to_be_focused()
    key(page, "F9")
    ready(page, "Count and close")
    page.locator("#piece-5000").fill("1")
    page.locator("#piece-2000").fill("1")
    expect(page.locator("main")).not_to_contain_text("75,50")
    key(page, "F9")
    ready(page, "Cash report")
    expect(page.locator(".arqueo__difference")).to_contain_text("5,50")
    page.get_by_label("Why is there a difference?").fill("a coin rolled away")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_text("Somebody else than the cashier")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def approve(boss: Page) -> None:
    boss.goto("/admin/closings")
    ready(boss, "Cash closings")
    boss.get_by_role("link", name="Look at the closing of Carmen").click()
    boss.get_by_role("button", name="Approve the closing").click()
    boss.get_by_role("button", name="Approve", exact=True).click()
    expect(boss.get_by_text("Approved by Saul")).to_be_visible()
    boss.goto("/admin/money")
    look(boss)
    total = boss.locator(".money__total").first
    expect(total).to_contain_text("15,50 PEN")


def test_the_pages_of_money_have_no_barriers(at_work: Open, town: CityHall) -> None:
    payment, paper = tills.paid_by_qr(town), certified(town)
    page = at_work("elena")
    for path in (
        "/admin/payments",
        "/admin/payments/unknown",
        "/admin/payments/differences",
        f"/admin/payments/{payment.id}",
        "/admin/certificates",
        f"/admin/certificates/{paper.code}",
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        look(page)
    page.goto(f"/admin/payments/{payment.id}")
    page.get_by_text("Give money back").click()
    page.get_by_label("Amount").fill("40.01")
    page.get_by_label("Reason").fill("too much")
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("At most 40.00 PEN can be given back.")).to_be_visible()
    page.get_by_label("Amount").fill("15")
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("The money is on its way back.")).to_be_visible()
