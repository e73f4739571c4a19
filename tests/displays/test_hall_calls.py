"""Every call comes on the plate: soon, in order, once, and again after a reload."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import update
from tests.displays.cast import DESKS, Hall, hurry, make_call, send, until_shown, watch

from turnero_core import clock
from turnero_queue.models import TicketEvent


def test_a_call_is_on_the_screen_within_a_moment(page: Page, hall: Hall) -> None:
    ticket = hall.take()
    watch(page, hall.url)
    expect(page.locator("#hall-plate")).to_be_hidden()
    hall.next("4")
    expect(page.locator("#hall-number")).to_have_text(ticket["code"])
    expect(page.locator("#hall-where")).to_have_text("Ventanilla 4")
    expect(page.locator("#hall-plate")).to_be_visible()
    expect(page.locator("[data-call]")).to_have_count(1)
    expect(page.locator("[data-current] .hall__code")).to_have_text(ticket["code"])


def test_ten_desks_call_at_once_and_all_ten_are_shown_in_the_order_of_the_calls(
    page: Page, hall: Hall
) -> None:
    for _ in range(DESKS):
        hall.take()
    watch(page, hall.url, hurry())
    with ThreadPoolExecutor(DESKS) as desks:
        list(desks.map(hall.next, [str(n) for n in range(1, DESKS + 1)]))
    assert until_shown(page, DESKS) == hall.calls()
    expect(page.locator(".hall__code").first).to_have_text(hall.calls()[-1])
    page.wait_for_timeout(500)
    assert page.evaluate("shown.length") == DESKS


def test_the_second_call_of_a_turn_says_that_it_is_one(page: Page, hall: Hall) -> None:
    hall.take()
    watch(page, hall.url, hurry())
    ticket = hall.next()
    until_shown(page, 1)
    first = page.locator("#hall-label").text_content()
    hall.do("recall", ticket)
    assert until_shown(page, 2) == [ticket["code"], ticket["code"]]
    second = page.locator("#hall-label").get_attribute("data-second")
    assert second != first
    expect(page.locator("#hall-label")).to_have_text(second or "")
    expect(page.locator("[data-call]")).to_have_count(1)


def test_a_call_between_the_page_and_its_connection_is_not_lost(page: Page, hall: Hall) -> None:
    hall.take()
    hall.take()
    early = hall.next("1")
    late: list[str] = []

    def call_meanwhile(route: Route) -> None:
        if not late:
            late.append(hall.next("2")["code"])
        route.continue_()

    page.route("**/live/**", call_meanwhile)
    watch(page, hall.url)
    assert until_shown(page, 1) == late
    assert early["code"] not in late


def test_after_a_reload_the_newest_call_is_still_on_the_plate_but_not_called_again(
    page: Page, hall: Hall
) -> None:
    for _ in range(3):
        hall.take()
    hall.next("1")
    newest = hall.next("2")
    watch(page, hall.url)
    expect(page.locator("#hall-number")).to_have_text(newest["code"])
    expect(page.locator("#hall-plate")).to_be_visible()
    page.wait_for_timeout(400)
    assert page.evaluate("shown") == []
    expect(page.locator("#hall-now")).to_have_attribute("data-state", "called")


def test_a_call_of_two_minutes_ago_is_no_news_to_a_screen_that_starts(
    page: Page, hall: Hall
) -> None:
    hall.take()
    ticket = hall.next()
    with hall.database.write() as session:
        session.execute(update(TicketEvent).values(at=clock.now() - timedelta(minutes=2)))
    watch(page, hall.url)
    expect(page.locator("#hall-plate")).to_be_hidden()
    expect(page.locator(".hall__code")).to_have_text(ticket["code"])


@pytest.mark.parametrize(("waiting", "most_s"), [(5, 30), (12, 45), (60, 120)])
def test_a_crowd_of_calls_is_told_faster_and_none_is_dropped(
    page: Page, hall: Hall, waiting: int, most_s: int
) -> None:
    page.clock.install()
    watch(page, hall.url)
    numbers = [f"R{n:03}" for n in range(1, waiting + 1)]
    send(page, *(make_call(number) for number in numbers))
    page.clock.run_for(most_s * 1000)
    assert page.evaluate("shown.map((call) => call.ticket)") == numbers


def test_after_a_while_the_plate_is_calm_and_then_invites_again(page: Page, hall: Hall) -> None:
    page.clock.install()
    watch(page, hall.url)
    send(page, make_call("R012"))
    state = page.locator("#hall-now")
    expect(state).to_have_attribute("data-state", "calling")
    page.clock.run_for(20_000)
    expect(state).to_have_attribute("data-state", "called")
    expect(page.locator("#hall-plate")).to_be_visible()
    page.clock.run_for(90_000)
    expect(state).to_have_attribute("data-state", "idle")
    expect(page.locator("#hall-plate")).to_be_hidden()
