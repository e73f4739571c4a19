/**
 * Running times. An element with data-elapsed-s had run that many seconds when the server wrote
 * it; from then on this page counts, so that a wrong clock on this computer shows nothing wrong.
 * data-usual-s, if given, marks it data-long once it has run for longer.
 */

/** @type {WeakMap<HTMLElement, number>} */
const started = new WeakMap();

/** @param {number} seconds */
export function stopwatch(seconds) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = two(Math.floor(seconds % 60));
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** @param {HTMLElement} element */
function tick(element) {
  const at = Date.now();
  const base = Number(element.dataset.elapsedS);
  if (!started.has(element)) started.set(element, at - base * 1000);
  const seconds = Math.max(0, (at - (started.get(element) ?? at)) / 1000);
  const text = stopwatch(seconds);
  if (element.textContent !== text) element.textContent = text;
  const usual = Number(element.dataset.usualS ?? 0);
  element.toggleAttribute("data-long", usual > 0 && seconds > usual * 1.5);
}

let running = false;

/** Counts from now on; asked for by several parts of a page it is started once. */
export function startTimers() {
  if (running) return;
  running = true;
  const all = () =>
    /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-elapsed-s]")).forEach(
      tick,
    );
  all();
  setInterval(all, 500);
  document.addEventListener("region:refreshed", all);
  document.addEventListener("htmx:afterSettle", all);
}
