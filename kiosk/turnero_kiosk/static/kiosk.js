/**
 * The kiosk's behaviour over its plain pages: screens swap without a flash, an abandoned screen
 * starts again, and a server that is gone is said so at once and found again by itself.
 */
import { startCountdowns } from "./countdown.js";
import "./paying.js";
import { watchIdle } from "/static/js/idle.js";
import { refresh } from "/static/js/region.js";
import { isHighContrast } from "/static/js/theme.js";

const WARN_S = 15;
const START_QUIET_S = 30;
const PROBE_MS = 3_000;
const ANSWER_MS = 5_000;
const RELEASED_MS = 300;
const HTML = "text/html";

const root = document.documentElement;
const home = document.body.dataset.home ?? location.pathname;
const gone = document.getElementById("gone");

const page = () => document.getElementById("page");
const pressed = () => page()?.matches(":active") ?? false;

/* The server is gone, or is back */

/** @type {Promise<void> | undefined} */
let returning;

async function answers() {
  try {
    const response = await fetch(`${home}/now`, {
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** Covers the screen, so that nobody touches what cannot answer or reads what another left. */
function cover() {
  const offline = "gone" in root.dataset || root.dataset.connection === "offline";
  const screen = page();
  if (!screen || screen.inert === offline) return;
  screen.inert = offline;
  if (offline) gone?.focus();
  else document.getElementById("heading")?.focus({ preventScroll: true });
}

/** Says that the server is gone, until it is back. */
function lost() {
  return (returning ??= back().finally(() => (returning = undefined)));
}

async function back() {
  root.dataset.gone = "";
  // Waits first: a cover that comes and goes in a blink only frightens.
  do await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
  while (!(await answers()));
  delete root.dataset.gone;
}

/**
 * Shows another page in place of this one, as soon as the server can give it.
 * @param {string} address
 */
async function go(address) {
  // A page that cannot be fetched would leave the browser's own error, which never recovers.
  if (!(await answers())) await lost();
  location.replace(address);
}

new MutationObserver(cover).observe(root, { attributeFilter: ["data-gone", "data-connection"] });

/* Starting again: nothing stays behind, neither on the screen nor in the history */

let leaving = false;
let configured = true;

async function startAgain() {
  if (leaving) return;
  leaving = true;
  await go(home);
}

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  leaving = false;
  startAgain();
});

/* Nobody touches the screen */

/** @type {{stop: () => void} | undefined} */
let idle;

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("idle-dialog"));

function watchScreen() {
  idle?.stop();
  dialog?.close();
  const after = Number(page()?.dataset.idle ?? 0);
  if (after) idle = watchIdle({ after, warn: WARN_S, onTick: warn, onStay: stay, onExpire: startAgain });
  else if (page()?.dataset.screen === "start") idle = watchIdle({ after: START_QUIET_S, warn: 0, onExpire: tidy });
}

/** @param {number} left */
function warn(left) {
  const count = dialog?.querySelector("[data-idle-count]");
  if (count) count.textContent = String(left);
  if (dialog && !dialog.open) dialog.showModal();
}

const stay = () => dialog?.close();

const isChanged = () => document.cookie.split("; ").some((cookie) => /^(text|contrast|theme)=./.test(cookie));

/** On the start screen somebody may have changed the letters or the contrast, and gone. */
function tidy() {
  if (isChanged()) startAgain();
  else watchScreen();
}

/* The turn stays for a while, then the screen is the next person's */

/** @type {ReturnType<typeof setInterval> | undefined} */
let leaveTimer;
let leaveAt = 0;

function countDown() {
  clearInterval(leaveTimer);
  const seconds = Number(page()?.dataset.leave ?? 0);
  if (!seconds) return;
  leaveAt = Date.now() + seconds * 1000;
  paintCount();
  leaveTimer = setInterval(paintCount, 250);
}

function paintCount() {
  const left = Math.ceil((leaveAt - Date.now()) / 1000);
  const line = page()?.querySelector("[data-leave-line]");
  const count = page()?.querySelector("[data-leave-count]");
  if (line instanceof HTMLElement) line.hidden = false;
  if (count) count.textContent = String(Math.max(0, left));
  if (left > 0) return;
  clearInterval(leaveTimer);
  startAgain();
}

function moreTime() {
  leaveAt = Date.now() + Number(page()?.dataset.more ?? 60) * 1000;
  paintCount();
}

// A printer in trouble gives people something to read and to photograph.
document.addEventListener("region:refreshed", (event) => {
  const region = /** @type {HTMLElement} */ (event.target);
  const screen = page();
  fit();
  if (!region.querySelector("[data-trouble]") || !screen || "troubled" in screen.dataset) return;
  screen.dataset.troubled = "";
  moreTime();
});

// The ways in change only when the office opens or closes: what is replaced under a finger loses
// its touch, and calls move the queue all day.
document.addEventListener("region:refreshed", (event) => {
  const region = /** @type {HTMLElement} */ (event.target);
  const fresh = region.querySelector("template[data-ways]");
  const shown = document.getElementById("ways");
  if (!(fresh instanceof HTMLTemplateElement) || !shown || pressed()) return;
  const ways = fresh.content.firstElementChild;
  if (ways && ways.outerHTML !== shown.outerHTML) shown.replaceWith(ways);
});

/* The configuration has changed: at rest the screen is made anew, unless somebody is just there.
   Whoever is in the middle of something goes on; the start after that is a new page anyway. */

document.addEventListener("configuration:changed", (event) => {
  event.preventDefault();
  configured = false;
  renewAtRest();
});

function renewAtRest() {
  if (configured || leaving || page()?.dataset.screen !== "start" || isChanged()) return;
  if (pressed()) setTimeout(renewAtRest, RELEASED_MS);
  else startAgain();
}

// Tiles are renewed when a service is paused or goes on, but never under a finger.
document.addEventListener("region:arrived", (event) => {
  const region = /** @type {HTMLElement} */ (event.target);
  if (!("tiles" in region.dataset) || !pressed()) return;
  event.preventDefault();
  const again = () => setTimeout(() => region.isConnected && refresh(region), RELEASED_MS);
  document.addEventListener("pointerup", again, { once: true });
});

/* Larger text */

function toggleText(/** @type {Element} */ button) {
  const large = document.body.dataset.text !== "large";
  if (large) document.body.dataset.text = "large";
  else delete document.body.dataset.text;
  document.cookie = `text=${large ? "large" : ""}; path=/; SameSite=Lax${large ? "" : "; max-age=0"}`;
  button.setAttribute("aria-pressed", String(large));
  fit();
}

const fitSoon = () => setTimeout(fit, RELEASED_MS);

/** Whatever is configured, a screen never scrolls: it is set closer until it fits. */
function fit() {
  // Nothing moves away from under a finger, and a pressed button measures wrong.
  if (pressed()) return document.addEventListener("pointerup", fitSoon, { once: true });
  const parts = [document.getElementById("main"), ...document.querySelectorAll("#main > *, .turn__ticket")];
  const over = () => parts.some((part) => part && part.scrollHeight > part.clientHeight + 1);
  delete document.body.dataset.fit;
  for (const step of ["close", "closer", "closest"]) {
    if (!over()) return;
    document.body.dataset.fit = step;
  }
}

/* Touches */

// htmx begins once every script of the page is there: until then a link would leave its page behind
// in the history.
let ready = document.readyState === "complete";

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const text = target?.closest("[data-text-toggle]");
  if (text) toggleText(text);
  if (target?.closest("[data-more-time]")) moreTime();
  const link = target?.closest(ready ? "a[data-replace], a[data-start-again]" : "a[href]");
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  if ("startAgain" in link.dataset) startAgain();
  else go(link.href);
});

// A plain form sends once; the server makes sure of it, this only shows it.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  if ("once" in form.dataset) form.setAttribute("aria-busy", "true");
});

document.addEventListener("contextmenu", (event) => event.preventDefault());

/* Screens that swap */

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  const type = detail.xhr.getResponseHeader("Content-Type") ?? "";
  const screen = type.startsWith(HTML) && detail.xhr.responseText.includes('id="page"');
  if (detail.xhr.status >= 400 && screen) {
    detail.shouldSwap = true;
    detail.isError = false;
  } else if (!screen) {
    detail.shouldSwap = false;
    lost();
  }
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => lost());
}

document.body.addEventListener("htmx:afterSettle", () => {
  document.dispatchEvent(new CustomEvent("kiosk:screen"));
});

/* The clock on the wall */

function tick() {
  const clock = document.querySelector("[data-clock]");
  if (!(clock instanceof HTMLElement)) return;
  const text = new Intl.DateTimeFormat("en-GB", {
    timeZone: clock.dataset.clock,
    hour: "numeric",
    minute: "2-digit",
  }).format(new Date());
  const time = text.replace(/^0/, "");
  if (clock.textContent !== time) clock.textContent = time;
}

function begin() {
  page()?.querySelector("[data-contrast-toggle]")?.setAttribute("aria-pressed", String(isHighContrast()));
  tick();
  cover();
  watchScreen();
  countDown();
  fit();
  // Said aloud by a screen reader; the start stays silent until somebody comes.
  const first = page()?.querySelector("input[autofocus]") ?? document.getElementById("heading");
  if (page()?.dataset.screen !== "start" && first instanceof HTMLElement) first.focus({ preventScroll: true });
  attachKeyboard();
}

/** Fetched for the first screen that asks for letters: most people never see one. */
async function attachKeyboard() {
  if (!document.querySelector("[data-keyboard-place]")) return;
  const { startKeyboard } = await import("./keyboard.js");
  startKeyboard();
}

document.addEventListener("kiosk:screen", begin);
document.addEventListener("kiosk:screen", renewAtRest);
window.addEventListener("resize", fit);
document.fonts?.addEventListener("loadingdone", fit);
setInterval(tick, 1000);
startCountdowns();
if (ready) begin();
else {
  document.addEventListener("DOMContentLoaded", () => {
    ready = true;
    begin();
  });
}
