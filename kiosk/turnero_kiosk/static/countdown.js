/** Counts down whatever says data-countdown-s="300", and asks the server once the time is over. */
const ends = new WeakMap();

function text(/** @type {number} */ seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function tick() {
  for (const element of document.querySelectorAll("[data-countdown-s]")) {
    if (!(element instanceof HTMLElement)) continue;
    if (!ends.has(element)) ends.set(element, Date.now() + Number(element.dataset.countdownS) * 1000);
    const left = Math.max(0, Math.round((ends.get(element) - Date.now()) / 1000));
    const shown = text(left);
    if (element.textContent !== shown) element.textContent = shown;
    if (left === 0) {
      delete element.dataset.countdownS;
      location.reload();
    }
  }
}

export function startCountdowns() {
  tick();
  setInterval(tick, 500);
}
