"""The console in a real browser: by keyboard alone, live, and under a clerk's hands."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.admin.cityhall import PASSWORD, CityHall
from tests.admin.keys import hotkey

Visit = Callable[[str, str], Page]
SCREEN = {"width": 1366, "height": 768}


@pytest.fixture
def at_desk(browser: Browser, address: str, open_hall: CityHall) -> Iterator[Visit]:
    """`at_desk(login, desk)`: a screen of its own, signed in, at the console of a desk."""
    contexts = []

    def visit(login: str, desk: str) -> Page:
        context = browser.new_context(viewport=SCREEN, base_url=address, locale="en-GB")
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/login?next=/console/centro/{desk}")
        page.get_by_label("User").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        ready(page)
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def screen(browser: Browser) -> Iterator[Page]:
    """A screen at which nobody has signed in."""
    context = browser.new_context(viewport=SCREEN, locale="en-GB")
    context.set_default_timeout(45_000)
    yield context.new_page()
    context.close()


def ready(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-console", "ready")
    expect(page.locator("html")).to_have_attribute("data-connection", "online")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def serving(page: Page) -> None:
    """Call whoever is next and start with them."""
    hotkey(page, "n")
    expect(page.get_by_role("button", name="They are here")).to_be_visible()
    hotkey(page, "s")
    expect(page.get_by_role("button", name="Finish and call next")).to_be_visible()
    # What is written down about a person comes a moment after the person.
    expect(page.locator("#transfer-dialog")).to_be_attached()


def test_a_clerks_day_by_keyboard_alone(screen: Page, address: str, open_hall: CityHall) -> None:
    first, second = open_hall.take_turn(), open_hall.take_turn()
    page = screen
    page.goto(f"{address}/login?lang=en")
    expect(page.get_by_label("User")).to_be_focused()
    press(page, *"ana", "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    expect(page).to_have_url(re.compile(r"/console$"))
    expect(page.locator(".desk-tile").first).to_be_focused()
    press(page, "Tab", "Enter")
    expect(page).to_have_url(re.compile(r"/console/centro/2$"))
    ready(page)
    serving(page)
    press(page, "o")
    page.keyboard.type("Falta la firma; nada más")
    expect(page.get_by_text("Saved at")).to_be_visible()
    press(page, "Escape", "f")
    expect(page.get_by_text("R001 is finished.")).to_be_visible()
    done = open_hall.ticket(first)
    assert (done.state, done.notes) == ("done", "Falta la firma; nada más")
    assert open_hall.ticket(second).state == "waiting", "letters of the notes pressed nothing"
    press(page, "n")
    expect(page.get_by_role("button", name="They are here")).to_be_visible()
    press(page, "a")
    expect(page.get_by_role("button", name="Let R002 back in")).to_be_visible()


def test_two_consoles_at_once_call_two_people_and_both_see_it(
    open_hall: CityHall, at_desk: Visit
) -> None:
    first, second, third = (open_hall.take_turn() for _ in range(3))
    ana, bruno = at_desk("ana", "1"), at_desk("bruno", "2")
    expect(bruno.locator(".queue__count").first).to_have_text("3")
    press(ana, "n")
    press(bruno, "n")
    for page in (ana, bruno):
        expect(page.locator(".queue__count").first).to_have_text("1")
    assert open_hall.states() == {first: "called", second: "called", third: "waiting"}
    desks = {open_hall.ticket(first).desk_id, open_hall.ticket(second).desk_id}
    assert len(desks) == 2


def test_an_empty_console_wakes_up_when_somebody_comes(open_hall: CityHall, at_desk: Visit) -> None:
    page = at_desk("ana", "1")
    expect(page.get_by_role("button", name="Call next")).to_be_disabled()
    open_hall.take_turn()
    expect(page.get_by_role("button", name="Call next")).to_be_enabled()


def test_what_is_typed_survives_what_happens_elsewhere(open_hall: CityHall, at_desk: Visit) -> None:
    open_hall.take_turn()
    page = at_desk("ana", "1")
    serving(page)
    press(page, "o")
    page.keyboard.type("Primera parte")
    page.get_by_label("Certificate of no debt").check()
    page.get_by_label("Notes about").focus()
    page.evaluate("document.getElementById('notes').setSelectionRange(8, 8)")
    open_hall.take_turn()
    expect(page.locator(".queue__count").first).to_have_text("1")
    page.keyboard.type(" y segunda")
    expect(page.get_by_label("Notes about")).to_have_value("Primera  y segundaparte")
    expect(page.get_by_label("Certificate of no debt")).to_be_checked()


def test_an_open_dialog_survives_what_happens_elsewhere(
    open_hall: CityHall, at_desk: Visit
) -> None:
    open_hall.take_turn()
    page = at_desk("ana", "1")
    serving(page)
    press(page, "t")
    page.get_by_role("dialog").get_by_label("Reason").fill("Su expediente está allá")
    open_hall.take_turn()
    expect(page.locator(".queue__count").first).to_have_text("1")
    expect(page.get_by_role("dialog").get_by_label("Reason")).to_have_value(
        "Su expediente está allá"
    )
    press(page, "Enter")
    expect(page.get_by_text("R001 was sent on")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_calling_this_one_asks_why(open_hall: CityHall, at_desk: Visit) -> None:
    first, second = open_hall.take_turn(), open_hall.take_turn()
    page = at_desk("ana", "1")
    page.get_by_role("button", name="Call R002 before the others").click()
    dialog = page.get_by_role("dialog")
    press(page, "Enter")
    expect(dialog).to_be_visible()
    page.keyboard.type("Se siente mal")
    press(page, "Enter")
    expect(page.get_by_text("R002 is called before the others.")).to_be_visible()
    assert open_hall.states() == {first: "waiting", second: "called"}
    assert open_hall.events(second)[-1].reason == "Se siente mal"


def test_a_refusal_is_a_calm_notice_and_the_console_shows_the_truth(
    open_hall: CityHall, at_desk: Visit
) -> None:
    ticket = open_hall.take_turn()
    page = at_desk("ana", "1")
    serving(page)
    page.route("**/panel", lambda route: route.abort())
    open_hall.clerk().do("park", ticket)
    press(page, "f")
    expect(page.get_by_text("is not possible")).to_be_visible()
    expect(page.get_by_role("button", name="Go on with R001")).to_be_visible()
    assert open_hall.ticket(ticket).state == "parked"


def test_the_timer_runs_by_itself(open_hall: CityHall, at_desk: Visit) -> None:
    open_hall.take_turn()
    page = at_desk("ana", "1")
    serving(page)
    expect(page.get_by_role("timer")).to_have_text(re.compile("^0:(0[2-9]|[1-5][0-9])$"))


def test_keys_can_be_turned_off(open_hall: CityHall, at_desk: Visit) -> None:
    ticket = open_hall.take_turn()
    page = at_desk("ana", "1")
    press(page, "?")
    page.get_by_label("Use single keys on this computer").uncheck()
    press(page, "Escape", "n")
    expect(page.locator("kbd:visible")).to_have_count(0)
    page.reload()
    ready(page)
    press(page, "n")
    page.wait_for_timeout(300)
    assert open_hall.ticket(ticket).state == "waiting"
    page.get_by_role("button", name="Call next").click()
    expect(page.get_by_role("button", name="They are here")).to_be_visible()


def test_a_session_that_ends_while_typing_loses_no_word(
    open_hall: CityHall, at_desk: Visit
) -> None:
    ticket = open_hall.take_turn()
    page = at_desk("ana", "1")
    serving(page)
    # The lists follow the start a moment later; without a session that alone leads to the sign-in.
    page.wait_for_timeout(1000)
    page.context.clear_cookies(name="session")
    press(page, "o")
    # In one stroke: what is typed after the page has gone to the sign-in goes there.
    page.keyboard.insert_text("Sin sesión")
    expect(page).to_have_url(re.compile(r"/login\?next=/console/centro/1$"))
    assert open_hall.ticket(ticket).state == "serving"
    page.get_by_label("User").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Enter")
    expect(page).to_have_url(re.compile(r"/console/centro/1$"))
    expect(page.get_by_label("Notes about R001")).to_have_value("Sin sesión")
    expect(page.get_by_text("Saved at")).to_be_visible()
    assert open_hall.ticket(ticket).notes == "Sin sesión"


def test_an_ended_session_shows_the_door_at_the_next_live_event(
    open_hall: CityHall, at_desk: Visit
) -> None:
    page = at_desk("ana", "1")
    page.context.clear_cookies(name="session")
    open_hall.take_turn()
    expect(page).to_have_url(re.compile(r"/login\?next=/console/centro/1$"))


def test_a_server_that_does_not_answer_is_said_so(open_hall: CityHall, at_desk: Visit) -> None:
    ticket = open_hall.take_turn()
    page = at_desk("ana", "1")
    page.route("**/next", lambda route: route.abort())
    press(page, "n")
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    assert open_hall.ticket(ticket).state == "waiting"
