"""A hall screen stays open for weeks: a long day of calls leaves nothing behind."""

from typing import Any

from playwright.sync_api import CDPSession, Page
from tests.displays.cast import Hall, hurry, until, watch
from tests.effort import effort

CALLS = effort(700, 2000)
WARM_UP = 200
# A region is fetched anew at each of these, from the real server.
REFRESH_EVERY = 6
MOST_BYTES_MORE = 1_000_000
MOST_NODES_MORE = 200
COUNT = """
  window.fetched = 0;
  document.addEventListener("region:refreshed", () => { fetched += 1; });
"""
DAY = """async ([from, to, every]) => {
  const board = document.getElementById("hall-board");
  const once = (name) =>
    new Promise((done) => document.addEventListener(name, done, { once: true }));
  for (let n = from; n <= to; n += 1) {
    const desk = String(1 + (n % 10));
    const data = { ticket: `R${n}`, desk, desk_name: `Ventanilla ${desk}`,
      count: 1 + Number(n % 7 === 0), language: n % 3 ? "es" : "en" };
    const fetched = n % every === 0 ? once("region:refreshed") : undefined;
    const shown = once("hall:shown");
    document.dispatchEvent(new CustomEvent("live:call", { detail: { id: String(n), data } }));
    if (n % 10 === 0) await shown;
    await fetched;
  }
}"""


def left_behind(client: CDPSession) -> dict[str, float]:
    for _ in range(3):
        client.send("HeapProfiler.collectGarbage")
    metrics: list[dict[str, Any]] = client.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in metrics}


def test_hundreds_of_calls_leave_neither_memory_nor_nodes_behind(page: Page, hall: Hall) -> None:
    for n in range(40):
        hall.take(("rentas", "catastro", "licencias")[n % 3])
    for desk in range(1, 11):
        hall.next(str(desk))
    watch(page, hall.url, hurry(400), COUNT)
    page.evaluate("shown = { push() {} }")
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")

    def live_through(first: int, last: int) -> dict[str, float]:
        page.evaluate(DAY, [first, last, REFRESH_EVERY])
        until(page, lambda: page.evaluate("document.body.dataset.callsShown") == str(last), 180)
        page.wait_for_timeout(300)
        return left_behind(client)

    early = live_through(1, WARM_UP)
    late = live_through(WARM_UP + 1, CALLS)
    assert page.evaluate("fetched") >= CALLS // REFRESH_EVERY
    assert late["JSHeapUsedSize"] - early["JSHeapUsedSize"] < MOST_BYTES_MORE
    assert late["Nodes"] - early["Nodes"] < MOST_NODES_MORE
    assert late["JSEventListeners"] - early["JSEventListeners"] < MOST_NODES_MORE
