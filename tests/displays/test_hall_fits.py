"""Nothing is cut off: on every screen, with nobody or everybody, with the longest of names."""

from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import update
from tests.displays.cast import SERVICES, Hall, hurry, make_call, send, until_shown, watch

from turnero_core import clock
from turnero_queue import catalogue
from turnero_queue.models import Desk, TicketCounter

SCREENS = [(1920, 1080), (1366, 768), (1280, 720), (3840, 2160), (1080, 1920)]
LONG_DESK = "Mesa de partes, orientación y atención al ciudadano"
LONG_SERVICE = "Inspección técnica de seguridad en edificaciones para licencia de funcionamiento"
# Text that does not fit its own box, its list or the screen. Rows without height are not shown.
CUT_OFF = """() => {
  const problems = [];
  const texts = [...document.querySelectorAll(".hall :is(h1 span, h2, p, time, .hall__code,"
    + " .hall__desk, .hall__name, .hall__people, .hall__wait, .hall__to)")];
  for (const element of texts) {
    const row = element.closest("li");
    if (!element.textContent.trim() || (row && row.clientHeight < 2)) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    // The last node: what comes before it may be there for screen readers alone.
    range.selectNodeContents(element.lastChild);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    // A line of text is told taller than its letters are.
    const air = 0.2 * parseFloat(getComputedStyle(element).fontSize);
    const text = { left, right, top: top + air, bottom: bottom - air };
    const place = (row ?? element.closest("section, header")).getBoundingClientRect();
    const box = element.getBoundingClientRect();
    const wide = !element.querySelector(".visually-hidden") && element.clientWidth
      && element.scrollWidth > element.clientWidth + 1;
    const outside = text.right > place.right + 1 || text.left < place.left - 1
      || text.bottom > place.bottom + 1 || text.top < place.top - 1
      || text.right > innerWidth || text.bottom > innerHeight
      || (element.matches("[data-fit]") && text.right > box.right + 1);
    if (wide || outside) problems.push(element.className + ": " + element.textContent.trim());
  }
  const lists = document.querySelectorAll(".hall ol, .hall ul, .hall section, .hall main, .hall");
  for (const list of lists)
    if (list.scrollHeight > list.clientHeight + 1 || list.scrollWidth > list.clientWidth + 1)
      problems.push("overflow: " + list.className);
  return problems;
}"""
ROWS = "[...document.querySelectorAll('[data-call]')].filter((row) => row.clientHeight > 1).length"


def crowd(hall: Hall) -> None:
    """Everybody is here: every service has its queue, and ten have been called."""
    hall.prepare(services=len(SERVICES))
    hall.configure(
        Service__rentas={"name": {"es": LONG_SERVICE}, "prefix": "ABC"},
        Municipality={"name": "Municipalidad Metropolitana de San Martín de los Andes Orientales"},
    )
    with hall.database.write() as session:
        session.execute(update(Desk).where(Desk.code == "1").values(name={"es": LONG_DESK}))
        office = catalogue.current(session).office("centro")
        day = clock.local_date(clock.now(), office.zone)
        session.add(TicketCounter(office_id=office.id, business_day=day, prefix="ABC", last=999))
        catalogue.bump_version(session)
    for _ in range(5):
        for service in SERVICES:
            hall.take(service)
    for desk in range(10, 0, -1):
        hall.next(str(desk))


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_a_full_hall_fits_every_screen(page: Page, hall: Hall, width: int, height: int) -> None:
    crowd(hall)
    page.set_viewport_size({"width": width, "height": height})
    watch(page, hall.url, hurry())
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(ROWS) >= 5
    calls = (("R012", "Ventanilla 3"), ("ABC1000", LONG_DESK), ("R1000", "Caja"))
    for n, (number, desk) in enumerate(calls, 1):
        send(page, make_call(number, desk_name=desk))
        assert until_shown(page, n)[-1] == number
        assert page.evaluate(CUT_OFF) == []
    page.context.set_offline(True)
    page.wait_for_selector('html[data-connection="offline"]')
    page.wait_for_timeout(100)
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_an_empty_hall_fits_every_screen(page: Page, hall: Hall, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    watch(page, hall.url)
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(ROWS) == 0


def test_six_calls_and_six_services_are_in_view_on_a_usual_screen(page: Page, hall: Hall) -> None:
    crowd(hall)
    page.set_viewport_size({"width": 1920, "height": 1080})
    watch(page, hall.url)
    assert page.evaluate(ROWS) == 6
    assert page.locator(".hall__service").count() == 6
    assert page.locator(".hall__more").text_content() is not None


def test_the_check_itself_sees_a_text_that_is_cut_off(page: Page, hall: Hall) -> None:
    crowd(hall)
    watch(page, hall.url)
    page.evaluate("document.querySelector('.hall__desk').style.setProperty('--fit', '3')")
    problems: list[Any] = page.evaluate(CUT_OFF)
    assert problems
