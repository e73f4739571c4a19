"""What axe-core objects to on a page that a browser shows."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# What still fades in has the contrast it will have once it is there.
_SETTLED = """() => {
  for (const animation of document.getAnimations()) {
    if (animation.effect.getComputedTiming().endTime < Infinity) animation.finish();
  }
  return "axe" in window;
}"""
# Nothing but what is wrong: to describe what is right takes longer than to find it.
_RUN = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${location.pathname} ${id}: ${html} ${failureSummary}`)
  );
}"""


def objections(page: Page) -> list[str]:
    """One line for each element and rule: where, which rule, the element, what would mend it."""
    if not page.evaluate(_SETTLED):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN)
    return found
