"""The calendar in real browsers: a receptionist's morning, and a schedule that hurts somebody."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.admin import bookings, machines
from tests.admin.bookings import LUIS, lima
from tests.admin.cityhall import CityHall
from tests.admin.test_panel_in_a_browser import DESK, PHONE, sign_in
from tests.axe import objections

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
HERE = "/admin/appointments"
Open = Callable[..., Page]


@pytest.fixture
def window(browser: Browser, hall: CityHall, address: str) -> Iterator[Open]:
    """`window(login, size)`: a browser of its own in which somebody has signed in."""
    contexts: list[BrowserContext] = []

    def opened(login: str, size: dict[str, int] = DESK) -> Page:
        context = browser.new_context(viewport=size, base_url=address, locale="en-GB")  # type: ignore[arg-type]
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, login)
        expect(page).not_to_have_url(re.compile("/login"))
        return page

    yield opened
    for context in contexts:
        context.close()


def barriers(page: Page) -> list[str]:
    """What axe objects to, and a page that moves sideways."""
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return objections(page) + (["the page moves sideways"] if sideways else [])


def has_no_barrier(page: Page) -> None:
    assert barriers(page) == [], page.url


def press(page: Page, key: str) -> None:
    """A key of the calendar, once the page listens."""
    expect(page.locator("html[data-calendar=ready]")).to_be_attached()
    page.keyboard.press(key)


def test_a_receptionist_books_for_rosa_moves_her_blocks_an_hour_and_checks_her_in(
    hall: CityHall, window: Open
) -> None:
    machines.hire(hall, "marta", "receptionist", "centro")
    luis = bookings.book(hall, lima(MONDAY, 11), person=LUIS)
    phone, desk = window("marta", PHONE), window("marta")
    phone.goto(f"{HERE}?day=2026-03-02")
    expect(phone.locator("html[data-connection=online]")).to_be_attached()
    listed = phone.get_by_role("list", name="By hour")
    expect(listed.get_by_text("Luis Mamani")).to_be_visible()
    expect(phone.get_by_role("table")).to_have_count(0)

    turns_the_days(desk)
    books_for_rosa(desk)
    # Whoever else looks at the day sees it without doing anything.
    expect(listed.get_by_text("10:00 Rosa Quispe")).to_be_visible()
    moves_her(desk)
    expect(listed.get_by_text("11:15 Rosa Quispe")).to_be_visible()
    blocks_an_hour(desk)
    assert bookings.reread(hall, luis).starts_at == lima(MONDAY, 12)
    checks_her_in(desk)
    rosas = listed.get_by_role("link", name="12:00 Rosa Quispe")
    expect(rosas.get_by_text("Checked in")).to_be_visible()
    desk.get_by_role("link", name="Back to the day").click()
    desk.get_by_role("button", name="Unblock").click()
    expect(desk.locator("td.agenda__blocked")).to_have_count(0)


def turns_the_days(desk: Page) -> None:
    sections = desk.get_by_role("navigation", name="Sections")
    sections.get_by_role("link", name="Appointments").click()
    expect(desk.get_by_role("heading", name="Today, Monday 2 March")).to_be_visible()
    expect(desk.get_by_role("row", name="9:00 now")).to_be_visible()
    press(desk, "ArrowRight")
    expect(desk.get_by_role("heading", name="Tomorrow, Tuesday 3 March")).to_be_visible()
    press(desk, "t")
    expect(desk.get_by_role("heading", name="Today, Monday 2 March")).to_be_visible()


def books_for_rosa(desk: Page) -> None:
    """With a telephone that is none, at first."""
    desk.get_by_role("link", name="Book for somebody").click()
    desk.get_by_label("Property tax and service charges", exact=True).check()
    desk.get_by_role("button", name="Show free hours").click()
    desk.get_by_role("radio", name="10:00").check()
    desk.get_by_label("Name").fill("Rosa Quispe")
    desk.get_by_label("E-mail").fill("rosa@example.com")
    desk.get_by_label("Telephone").fill("12")
    desk.get_by_role("button", name="Book it").click()
    expect(desk.get_by_label("Telephone")).to_have_attribute("aria-invalid", "true")
    expect(desk.get_by_role("radio", name="10:00")).to_be_checked()
    expect(desk.get_by_label("Name")).to_have_value("Rosa Quispe")
    has_no_barrier(desk)
    desk.get_by_label("Telephone").fill("")
    desk.get_by_role("button", name="Book it").click()
    expect(desk.get_by_text("Booked. The code is")).to_be_visible()


def moves_her(desk: Page) -> None:
    desk.get_by_role("link", name="Move to another hour").click()
    desk.get_by_role("radio", name="11:15").check()
    desk.get_by_label("Reason, which the person is told").fill("She asked for it")
    desk.get_by_role("button", name="Move it").click()
    expect(desk.get_by_text("Moved. The person is told of the new hour.")).to_be_visible()


def blocks_an_hour(desk: Page) -> None:
    """From 11 to 12, which hurts Rosa and Luis."""
    desk.get_by_role("link", name="Back to the day").click()
    desk.get_by_role("link", name="Block a time").click()
    desk.get_by_label("From").fill("11:00")
    desk.get_by_label("Until").fill("12:00")
    desk.get_by_label("Reason").fill("Training")
    desk.get_by_role("button", name="Block it").click()
    expect(desk.get_by_text("Not blocked yet")).to_be_visible()
    expect(desk.get_by_role("heading", name="2 appointments would lose")).to_be_visible()
    has_no_barrier(desk)
    desk.get_by_label("Move each to its next free hour and tell them").check()
    desk.get_by_role("button", name="Block it").click()
    expect(desk.get_by_text("2 appointments were moved")).to_be_visible()
    expect(desk.get_by_text("Nobody can write to these")).to_contain_text("(Luis Mamani)")
    expect(desk.locator("td.agenda__blocked", has_text="Training").first).to_be_visible()


def checks_her_in(desk: Page) -> None:
    """Hours before her time, for a reason."""
    desk.get_by_role("link", name="12:00 Rosa Quispe").click()
    desk.get_by_role("button", name="Check in").click()
    expect(desk.get_by_text("Check in all the same?")).to_be_visible()
    has_no_barrier(desk)
    desk.get_by_role("textbox", name="Reason").fill("She lives far away")
    desk.get_by_role("button", name="Check in all the same").click()
    expect(desk.get_by_text("Checked in. The turn is")).to_be_visible()


def test_a_change_of_the_schedule_says_whom_it_hurts_and_what_somebody_else_changed(
    hall: CityHall, window: Open
) -> None:
    machines.hire(hall)
    rosa = bookings.book(hall, lima(TUESDAY, 9))
    first, second = window("elena"), window("elena", PHONE)
    second.goto("/admin/schedules/edit/tributos?office=centro")
    first.get_by_role("navigation", name="Sections").get_by_role("link", name="Schedules").click()
    first.get_by_role("link", name="Taxes").click()
    tuesday = first.get_by_label("Tuesday")
    tuesday.fill("12:30-08:30")
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_text("It has to close after it opens.")).to_be_visible()
    expect(tuesday).to_have_attribute("aria-invalid", "true")
    has_no_barrier(first)
    tuesday.fill("10:00-12:30")
    first.get_by_role("button", name="Save").last.click()
    expect(first.get_by_text("Not saved yet")).to_be_visible()
    expect(first.get_by_role("rowheader", name="Rosa Quispe")).to_be_visible()
    expect(tuesday).to_have_value("10:00-12:30")
    has_no_barrier(first)
    first.get_by_label("Move each to its next free hour and tell them").check()
    first.get_by_role("button", name="Save").first.click()
    expect(first.get_by_text("1 appointment was moved.")).to_be_visible()
    assert bookings.reread(hall, rosa).starts_at == lima(TUESDAY, 10)

    second.get_by_label("Minutes ahead at least").fill("45")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_text("somebody else has changed")).to_be_visible()
    theirs = second.get_by_role("row", name="Weekly hours")
    expect(theirs.get_by_text("Tuesday: 10:00-12:30")).to_be_visible()
    has_no_barrier(second)
    second.get_by_role("link", name="Leave it as it is saved").click()
    expect(second.get_by_label("Minutes ahead at least")).to_have_value("30")


def test_no_page_of_the_calendar_has_a_barrier_at_a_desk_or_on_a_phone(
    hall: CityHall, window: Open
) -> None:
    machines.hire(hall)
    booked = bookings.book(hall, lima(MONDAY, 11))
    bookings.busy(hall, MONDAY)
    page = window("elena")
    found = {}
    for path in (
        HERE,
        f"{HERE}?office=centro&view=week",
        f"{HERE}/one/{booked.id}?move=2026-03-03",
        f"{HERE}/new?office=centro&s=rentas&day=2026-03-03",
        f"{HERE}/block?office=centro",
        f"{HERE}/list?office=centro",
        f"{HERE}/search?q=nobody",
        "/admin/schedules?office=centro",
        "/admin/schedules/edit/tributos?office=centro",
    ):
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.goto(path)
        expect(page.locator("main h1")).to_have_count(1)
        found[path] = barriers(page)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        found[path] += barriers(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
