"""The hall for people with low vision, with a screen reader, and for whom flashes are a danger."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page
from tests.axe import objections
from tests.displays.cast import Hall, make_call, send, until, watch

# The shortest round of an animation that may repeat: three flashes a second are the limit.
SAFE_MS = 400
ANIMATIONS = """() => document.getAnimations().map((animation) => {
  const { duration, iterations } = animation.effect.getComputedTiming();
  const changed = animation.effect.getKeyframes().flatMap((frame) => Object.keys(frame));
  return { name: animation.animationName ?? "", duration, iterations, changed };
})"""


@pytest.mark.parametrize(
    ("language", "looks"), [("es", "light"), ("en", "dark"), ("pt", "high contrast")]
)
def test_no_barrier_whether_idle_calling_or_offline(
    page: Page, hall: Hall, language: str, looks: str
) -> None:
    for _ in range(3):
        hall.take()
    hall.next("1")
    page.emulate_media(color_scheme="dark" if looks == "dark" else "light", reduced_motion="reduce")
    contrast = "high" if looks == "high contrast" else "normal"
    cookie = {"name": "contrast", "value": contrast, "url": hall.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    watch(page, f"{hall.url}?lang={language}")
    assert objections(page) == []
    page.evaluate("document.getElementById('hall-now').dataset.state = 'idle'")
    assert objections(page) == []
    send(page, make_call("R012"))
    assert objections(page) == []
    page.context.set_offline(True)
    page.wait_for_selector('html[data-connection="offline"]')
    assert page.locator(".hall__offline").is_visible()
    assert objections(page) == []


def test_the_animation_of_a_call_never_flashes(page: Page, hall: Hall) -> None:
    watch(page, hall.url)
    send(page, make_call("R012"))
    running = page.evaluate(ANIMATIONS)
    assert {animation["name"] for animation in running} >= {"hall-band", "hall-rise"}
    for animation in running:
        assert animation["duration"] >= SAFE_MS
        assert "backgroundColor" not in animation["changed"] or animation["iterations"] == 1


def test_a_burst_of_calls_never_changes_the_plate_more_than_three_times_a_second(
    page: Page, hall: Hall
) -> None:
    page.clock.install()
    watch(
        page,
        hall.url,
        "document.addEventListener('hall:shown', () => (window.times ??= []).push(Date.now()))",
    )
    send(page, *(make_call(f"R{n:03}") for n in range(1, 31)))
    page.clock.run_for(90_000)
    times = page.evaluate("times")
    assert len(times) == 30
    assert min(b - a for a, b in pairwise(times)) >= 1000


def test_who_asked_for_less_motion_gets_none(page: Page, hall: Hall) -> None:
    page.emulate_media(reduced_motion="reduce")
    watch(page, hall.url)
    send(page, make_call("R012"))
    until(page, lambda: page.evaluate(ANIMATIONS) == [])
    assert page.locator("#hall-now").get_attribute("data-state") == "calling"


def test_a_call_is_read_out_as_one_by_a_screen_reader(page: Page, hall: Hall) -> None:
    watch(page, hall.url)
    send(page, make_call("R012"))
    plate = page.locator("[aria-live=assertive][aria-atomic=true]")
    assert (plate.text_content() or "").split()[1:] == ["R012", "Ventanilla", "3"]
