"""Machines as people meet them: a kiosk that is set up, a technician before it, paper that ends."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.admin import machines
from tests.admin.cityhall import PASSWORD, CityHall
from tests.axe import objections

from turnero_core import clock
from turnero_hardware.virtual_printer import Fault, VirtualPrinter
from turnero_queue import devices
from turnero_queue.devices import KioskSettings, alerts
from turnero_server.background import Background

TALL, WIDE = {"width": 1080, "height": 1920}, {"width": 1280, "height": 1024}
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens pages of browsers that know nothing of each other, and closes them all."""
    contexts: list[BrowserContext] = []

    def page(size: dict[str, int], path: str = "", **cookies: str) -> Page:
        context = browser.new_context(viewport=size, locale="en-GB", base_url=address)  # type: ignore[arg-type]
        contexts.append(context)
        for name, value in {"turnero_language": "en", **cookies}.items():
            context.add_cookies([{"name": name, "value": value, "url": address}])
        found = context.new_page()
        if path:
            found.goto(path)
        return found

    yield page
    for context in contexts:
        context.close()


@pytest.fixture
def elena(open_hall: CityHall, opened: Callable[..., Page]) -> Page:
    """The administrator at her desk."""
    machines.hire(open_hall)
    return sign_in(opened(DESK))


def sign_in(page: Page, login: str = "elena") -> Page:
    page.goto("/login")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form[action*=login] button").click()
    expect(page).not_to_have_url(re.compile("/login"))
    return page


def is_accessible(page: Page) -> None:
    assert objections(page) == []


def fits(page: Page) -> None:
    """Nothing runs out of the glass at its side."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, f"{page.url} is {over} px too wide"


def scan(page: Page, text: str) -> None:
    """A reader types the keys of `text`, faster than anybody could."""
    page.evaluate(
        """(text) => {
          for (const key of [...text, "Enter"]) {
            const at = document.activeElement ?? document.body;
            const how = { key, bubbles: true, cancelable: true };
            at.dispatchEvent(new KeyboardEvent("keydown", how));
          }
        }""",
        text,
    )


def test_a_machine_shows_a_code_and_becomes_a_kiosk_when_it_is_approved(
    open_hall: CityHall, elena: Page, opened: Callable[..., Page], tmp_path: Path
) -> None:
    glass = opened(TALL, "/kiosk?lang=en")
    glass.get_by_role("link", name="Set up this machine").click()
    is_accessible(glass)
    glass.get_by_role("button", name="Show the code").click()
    code = glass.locator(".enrol").inner_text()
    is_accessible(glass)
    fits(glass)

    elena.goto("/admin/devices")
    elena.get_by_role("link", name="Type the code that its screen shows").click()
    is_accessible(elena)
    approve = elena.locator("section", has=elena.locator("#approve-title"))
    approve.get_by_label("Code").fill("AAAA-AAAA")
    approve.get_by_label("Name").fill("Entrada")
    approve.get_by_role("button", name="Let it in").click()
    expect(approve.locator(".field__error").first).to_be_visible()
    approve.get_by_label("Code").fill(code.lower())
    approve.get_by_label("Name").fill("Entrada")
    approve.get_by_role("button", name="Let it in").click()
    expect(elena.get_by_role("heading", name="Entrada", level=1)).to_be_visible()

    expect(glass.locator(".start__greeting")).to_be_visible()
    assert "/kiosk/centro" in glass.url
    cookie = next(one for one in glass.context.cookies() if one["name"] == "turnero_device")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    expect(elena.get_by_text("just now").first).to_be_visible()

    # What it offers is changed from afar, and the screen follows by itself.
    elena.get_by_label("Only these:").check()
    for box in elena.locator("[name=services]").all():
        if box.get_attribute("value") not in ("rentas",):
            box.uncheck()
    elena.locator("[name=languages][value=pt]").uncheck()
    is_accessible(elena)
    elena.get_by_role("button", name="Save").click()
    expect(elena.get_by_text("Saved. The kiosk follows in a moment.")).to_be_visible()
    expect(glass.locator(".start__greeting span[lang=pt]")).to_have_count(0)
    glass.goto("/kiosk/centro/choose")
    expect(glass.locator(".tiles .tile")).to_have_count(1)
    glass.goto("/kiosk/norte")
    assert glass.url.endswith("/kiosk/centro")

    # And when it is revoked it is out of service at once.
    elena.get_by_role("button", name="Take out of service").click()
    elena.locator("dialog#revoke").get_by_role("button", name="Take out of service").click()
    expect(elena.get_by_text("It is out of service from this moment on.")).to_be_visible()
    expect(glass.locator("[data-look-again] h1")).to_be_visible()
    is_accessible(glass)


def test_the_technicians_menu_opens_by_a_gesture_and_a_code_and_every_test_works(
    open_hall: CityHall, opened: Callable[..., Page], tmp_path: Path
) -> None:
    machines.add_printer(open_hall, "entrada", "virtual:entrada")
    token = machines.enrolled(open_hall, settings=KioskSettings(volume=0))
    with machines.changed(open_hall) as (session, device):
        devices.set_technician_code(session, device, "4711", actor="test", now=clock.now())
    glass = opened(WIDE, "/kiosk", turnero_device=token)
    expect(glass.locator(".start__greeting")).to_be_visible()
    for _ in range(5):
        glass.mouse.click(20, 20)
    expect(glass.locator("#technician-code")).to_be_visible()
    glass.goto("/kiosk/centro/technician?lang=en")
    is_accessible(glass)
    for digit in "4712":
        glass.get_by_role("button", name=digit, exact=True).click()
    glass.get_by_role("button", name="Enter").click()
    expect(glass.locator("#pad-wrong span")).to_be_visible()
    for digit in "4711":
        glass.get_by_role("button", name=digit, exact=True).click()
    glass.get_by_role("button", name="Enter").click()
    expect(glass.get_by_role("heading", name="Technician's menu")).to_be_visible()
    is_accessible(glass)
    fits(glass)

    go(glass, "Test print")
    glass.get_by_role("button", name="Print a test slip").click()
    expect(glass.get_by_text("Waiting for the printer…")).to_be_visible()
    background = Background(open_hall.app)
    background.start()
    try:
        expect(glass.get_by_text("It is printed.")).to_be_visible()
    finally:
        background.stop()
    is_accessible(glass)

    go(glass, "Touch")
    fields = glass.locator("[data-field]")
    for n in range(fields.count()):
        box = fields.nth(n).bounding_box()
        assert box is not None
        glass.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(glass.get_by_text("Every field answered.")).to_be_visible()
    is_accessible(glass)

    try_sound_network_and_scanner(glass)
    try_the_screen(glass)

    go(glass, "Versions")
    expect(glass.get_by_text("Entrada (entrada)")).to_be_visible()
    go(glass, "Restart")
    is_accessible(glass)
    glass.locator("main").get_by_role("link", name="Start this page again").click()
    expect(glass.locator(".start__greeting")).to_be_visible()
    # Whoever comes next has to give the code again.
    glass.goto("/kiosk/centro/technician")
    expect(glass.locator("#technician-code")).to_be_visible()


def try_sound_network_and_scanner(glass: Page) -> None:
    go(glass, "Sound")
    glass.get_by_role("button", name="Play").click()
    expect(glass.locator("[data-sound-words]")).not_to_have_text(
        "A chime and a sentence will be heard."
    )

    go(glass, "Network")
    expect(glass.locator("[data-round-trip]")).to_contain_text("ms")
    expect(glass.locator("[data-stream]")).to_have_text("Connected")
    is_accessible(glass)

    go(glass, "Scanner")
    scan(glass, "K7F3-22AB")
    expect(glass.get_by_text("A short code")).to_be_visible()
    scan(glass, "x" * 10_000)
    expect(glass.get_by_text("That was too much at once. Show one code at a time.")).to_be_visible()
    is_accessible(glass)


def try_the_screen(glass: Page) -> None:
    go(glass, "Screen")
    glass.get_by_role("button", name="Begin").click()
    for _ in range(7):
        expect(glass.locator("[data-pattern]")).to_be_visible()
        glass.mouse.click(600, 500)
    expect(glass.locator("[data-pattern]")).to_be_hidden()


def go(glass: Page, tool: str) -> None:
    if glass.get_by_role("heading", name="Technician's menu").count() == 0:
        glass.locator(".kiosk__head").get_by_role("link", name="Back", exact=True).click()
    glass.get_by_role("link", name=tool, exact=True).click()
    expect(glass.get_by_role("heading", name=tool, level=1, exact=True)).to_be_visible()


def test_a_document_is_used_only_with_consent_and_forgotten_at_the_end(
    open_hall: CityHall, opened: Callable[..., Page]
) -> None:
    glass = opened(WIDE, "/kiosk/centro")
    expect(glass.locator(".start__greeting")).to_be_visible()
    scan(glass, "00125559991@GARCIA@ROSA INES@F@28765457@A@17/01/1974@28/12/2012")

    expect(glass.get_by_text("28765457")).to_be_visible()
    is_accessible(glass)
    fits(glass)
    glass.locator("button[name=use][value=yes]").click()
    expect(
        glass.locator("#page[data-screen=categories], #page[data-screen=services]")
    ).to_be_visible()
    # A person who types into a field is not taken for a reader.
    glass.goto("/kiosk/centro")
    glass.goto("/kiosk/centro/scan/person")
    expect(glass.locator(".start__greeting")).to_be_visible()


def test_outside_its_hours_the_screen_rests_and_a_touch_wakes_it(
    open_hall: CityHall, opened: Callable[..., Page]
) -> None:
    hour = clock.now().hour
    away = [f"{(hour + ahead) % 24:02d}:30" for ahead in (2, 3)]
    # Lima is five hours behind: so many hours from now it is on for one of them.
    local = [f"{(int(text[:2]) - 5) % 24:02d}:30" for text in away]
    hours = KioskSettings(screen_on=local[0], screen_off=local[1])
    glass = opened(WIDE, "/kiosk", turnero_device=machines.enrolled(open_hall, settings=hours))
    expect(glass.locator("#resting")).to_be_visible()
    expect(glass.locator("[data-resting-clock]")).to_contain_text(":")
    glass.mouse.click(640, 500)
    expect(glass.locator("#resting")).to_be_hidden()
    # The touch that wakes it chooses nothing.
    expect(glass.locator(".start__greeting")).to_be_visible()


def test_paper_that_ends_shows_on_the_page_within_seconds_and_clears_by_itself(
    open_hall: CityHall, elena: Page, opened: Callable[..., Page], tmp_path: Path
) -> None:
    with VirtualPrinter(tmp_path) as virtual:
        machines.add_printer(open_hall, "entrada", f"tcp://127.0.0.1:{virtual.port}")
        machines.add_printer(open_hall, "reserva", "virtual:reserva")
        background = Background(open_hall.app)
        background.start()
        try:
            elena.goto("/admin/devices")
            row = elena.locator("[data-device=entrada]")
            expect(row).to_contain_text("Works")
            virtual.set_fault(Fault.PAPER_OUT)
            seconds = measured(lambda: expect(row).to_contain_text("The printer is out of paper."))
            print(f"paper out seen after {seconds:.1f} s")
            is_accessible(elena)
            with open_hall.database.write() as session:
                alerts.review(session, clock.now())
            expect(elena.locator(".device-banner")).to_contain_text("1 device needs somebody")
            # A slip that waits for the dead printer comes out of the other one.
            slip = machines.put_in_line(open_hall, "entrada")
            row.get_by_role("link").click()
            expect(elena.locator(f"[data-job='{slip}']")).to_be_visible()
            is_accessible(elena)
            elena.get_by_role("button", name="Move its slips to another printer").click()
            elena.locator("dialog#move select").select_option("reserva")
            elena.locator("dialog#move").get_by_role("button", name="Move", exact=True).click()
            moved = elena.locator(f"[data-job='{slip}']")
            expect(moved).to_contain_text("Printed")
            moved.get_by_role("link").click()
            expect(elena.get_by_text("Moved to another printer")).to_be_visible()
            elena.get_by_label("Reason").fill("The first one was torn")
            elena.get_by_role("button", name="Print a copy").click()
            expect(elena.get_by_text("The first one was torn")).to_be_visible()
            is_accessible(elena)
            elena.goto("/admin/devices")
            virtual.set_fault(Fault.NONE)
            seconds = measured(lambda: expect(row).to_contain_text("Works"))
            print(f"paper back seen after {seconds:.1f} s")
            with open_hall.database.write() as session:
                alerts.review(session, clock.now())
            expect(elena.locator(".device-banner")).not_to_contain_text("needs somebody")
        finally:
            background.stop()


def measured(wait: Callable[[], None]) -> float:
    begun = time.monotonic()
    wait()
    return time.monotonic() - begun
