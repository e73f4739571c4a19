"""A kiosk's glass: its sizes, a finger on it, and what stands where."""

from typing import Any

from playwright.sync_api import Page, expect
from tests.axe import objections

PORTRAIT, LANDSCAPE = (1080, 1920), (1280, 1024)
MEASURE = """() => {
  const shown = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest("[inert]");
  const box = (e) => e.getBoundingClientRect();
  const main = document.getElementById("main");
  const touchable = [...document.querySelectorAll(
    "a, button, input:not([type=hidden]), label:has(input)")];
  const seen = (e) => shown(e) && !e.classList.contains("skip-link");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const letters = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (walker.currentNode.textContent.trim() && shown(parent)) {
      letters.push(parseFloat(getComputedStyle(parent).fontSize));
    }
  }
  const targets = touchable.filter(seen).map((e) => [box(e), e]);
  return {
    over: [
      document.documentElement.scrollWidth - innerWidth,
      document.documentElement.scrollHeight - innerHeight,
      main.scrollHeight - main.clientHeight,
      main.scrollWidth - main.clientWidth,
      ...[...main.children].map((e) => e.scrollHeight - e.clientHeight),
    ],
    outside: targets.filter(([b]) => b.bottom > innerHeight + 1 || b.right > innerWidth + 1)
      .map(([, e]) => e.textContent.trim()),
    targets: targets.map(([b]) => Math.min(b.width, b.height)),
    letters,
  };
}"""


def touch(page: Page, selector: str, screen: str) -> None:
    page.locator(selector).first.click()
    arrive(page, screen)


def arrive(page: Page, screen: str) -> None:
    """Wait for a screen, and for its script: it puts the focus on the heading."""
    expect(page.locator(f"#page[data-screen={screen}]")).to_be_visible()
    if screen != "start":
        expect(page.locator("#heading")).to_be_focused()


def measure(page: Page, size: tuple[int, int]) -> dict[str, Any]:
    """What stands where once the glass has this size and its letters are there."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(
        """async () => {
          await document.fonts.ready;
          await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        }"""
    )
    found: dict[str, Any] = page.evaluate(MEASURE)
    return found


def fits(page: Page) -> None:
    """Nothing is cut off, too small to touch or too small to read, at both sizes."""
    for size in (PORTRAIT, LANDSCAPE):
        found = measure(page, size)
        assert max(found["over"]) <= 1, (size, found["over"])
        assert found["outside"] == [], size
        assert min(found["targets"], default=64) >= 64, size
        assert min(found["letters"]) >= 24, size
    page.set_viewport_size({"width": PORTRAIT[0], "height": PORTRAIT[1]})


def no_barrier(page: Page) -> None:
    assert objections(page) == []


def scan(page: Page, text: str) -> None:
    """A reader types `text` and Enter, faster than any hand."""
    page.evaluate(
        """(text) => {
          for (const key of [...text, "Enter"]) {
            const target = document.activeElement ?? document.body;
            const typed = new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true});
            target.dispatchEvent(typed);
          }
        }""",
        text,
    )
