/** The technician's tests that need the machine itself: pad, touch, sound, network, screen. */
import { Announcer } from "/static/js/speak.js";
import { chime } from "/static/js/chime.js";

const COLOURS = ["black", "white", "red", "green", "blue", "grey", "steps"];

/* The code pad */

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const code = /** @type {HTMLInputElement | null} */ (document.getElementById("technician-code"));
  if (!button || !code) return;
  if (button.dataset.digit) code.value = (code.value + button.dataset.digit).slice(0, code.maxLength);
  if ("rubOut" in button.dataset) code.value = code.value.slice(0, -1);
});

/* Touch: every field answers a finger that only passes over it, too */

/** @param {Event} event */
function touched(event) {
  const { clientX, clientY } = /** @type {PointerEvent} */ (event);
  const under = event.type === "click" ? event.target : document.elementFromPoint(clientX, clientY);
  const field = under instanceof HTMLElement ? under.closest("[data-field]") : null;
  const test = field?.closest("[data-touch-test]");
  if (!(field instanceof HTMLElement) || !test) return;
  field.dataset.touched = "";
  const words = document.querySelector("[data-touch-words]");
  if (words instanceof HTMLElement && !test.querySelector("[data-field]:not([data-touched])")) {
    words.textContent = words.dataset.done ?? "";
  }
}
for (const sign of ["pointerdown", "pointermove", "click"]) document.addEventListener(sign, touched);

/* Sound */

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-sound-test]") : null;
  const words = document.querySelector("[data-sound-words]");
  if (!(button instanceof HTMLButtonElement) || !(words instanceof HTMLElement)) return;
  button.disabled = true;
  const volume = Number(document.body.dataset.volume ?? 70) / 100;
  const rang = await chime(volume);
  const spoken = await new Announcer({ volume }).announce(button.dataset.soundTest ?? "", { chime: false });
  words.textContent = (spoken ? words.dataset.heard : rang ? words.dataset.chime : words.dataset.silent) ?? "";
  button.disabled = false;
});

/* Network */

/**
 * @param {Element | null} place
 * @param {boolean} online
 */
function say(place, online) {
  if (!(place instanceof HTMLElement)) return;
  const text = (online ? place.dataset.online : place.dataset.offline) ?? "";
  if (place.textContent !== text) place.textContent = text;
}

async function measure() {
  const test = document.querySelector("[data-network-test]");
  if (!(test instanceof HTMLElement)) return;
  say(test.querySelector("[data-stream]"), document.documentElement.dataset.connection === "online");
  say(test.querySelector("[data-network]"), navigator.onLine);
  const begun = performance.now();
  const place = test.querySelector("[data-round-trip]");
  try {
    await fetch(test.dataset.networkTest ?? "", { cache: "no-store", signal: AbortSignal.timeout(3000) });
    if (place) place.textContent = `${Math.round(performance.now() - begun)} ms`;
  } catch {
    if (place) place.textContent = "—";
  }
}
setInterval(measure, 2000);
document.addEventListener("kiosk:screen", measure);
measure();

/* Screen */

/** @param {HTMLElement} pattern */
function nextColour(pattern) {
  const next = COLOURS[COLOURS.indexOf(pattern.dataset.pattern ?? "") + 1];
  pattern.hidden = !next;
  pattern.dataset.pattern = next ?? "";
  if (next) pattern.focus();
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const pattern = document.querySelector("[data-pattern]");
  if (!(pattern instanceof HTMLElement)) return;
  if (target?.closest("[data-screen-test], [data-pattern]")) nextColour(pattern);
});
document.addEventListener("keydown", (event) => {
  const pattern = document.querySelector("[data-pattern]");
  if (pattern instanceof HTMLElement && !pattern.hidden && [" ", "Enter"].includes(event.key)) {
    event.preventDefault();
    nextColour(pattern);
  }
});
