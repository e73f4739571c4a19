/**
 * Calls for help above a staff page: heard at once, answered without leaving the page. The sound
 * can be turned off on this browser, and works only once somebody has clicked on the page.
 */
import { chime } from "/static/js/chime.js";
import { refresh } from "/static/js/region.js";
import { readStream } from "/static/js/sse.js";
import { startTimers } from "./timers.js";

const MUTED = "turnero-help-muted";
const AGAIN_MS = 3_000;
const AWAY_MS = 30_000;
const LOOK_MS = 15_000;

const region = /** @type {HTMLElement} */ (document.getElementById("help-banner"));
const said = document.getElementById("help-said");
const title = document.title;
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const muted = () => localStorage.getItem(MUTED) === "1";

/** Each waiting call as it was last seen: "new" or "urgent". @type {Map<string, string>} */
let known = new Map();
let silent = false;

/** @returns {HTMLElement[]} */
const waiting = () => [...region.querySelectorAll("[data-help-waits]")].map((one) => /** @type {HTMLElement} */ (one));

/** Says and sounds what is new since the last look; `quiet` for what was there from the start. */
function look() {
  const now = new Map(waiting().map((one) => [one.dataset.helpCall ?? "", one.dataset.helpWaits ?? ""]));
  const news = waiting().filter((one) => known.get(one.dataset.helpCall ?? "") !== one.dataset.helpWaits);
  known = now;
  document.title = now.size ? `● ${waiting()[0].dataset.helpWords} · ${title}` : title;
  paint();
  const first = news[0];
  if (!first) return;
  const kind = first.dataset.helpWaits === "urgent" ? "urgent" : "new";
  if (said) said.textContent = `${said.dataset[kind]} ${first.dataset.helpWords}`;
  sound(kind === "urgent" ? 2 : 1);
}

/** @param {number} times */
async function sound(times) {
  if (muted()) return;
  for (let n = 0; n < times; n += 1) silent = !(await chime());
  paint();
}

/** The sound's button and whether the browser lets it sound. */
function paint() {
  const button = region.querySelector("[data-help-sound]");
  if (button instanceof HTMLButtonElement) {
    const words = /** @type {HTMLElement} */ (button.querySelector("span"));
    button.hidden = false;
    button.setAttribute("aria-pressed", String(!muted()));
    words.textContent = (muted() ? words.dataset.off : words.dataset.on) ?? "";
    button.querySelector("use")?.setAttribute("href", icon(button, muted() ? "volume-x" : "volume-2"));
  }
  const line = region.querySelector("[data-help-silent]");
  if (line instanceof HTMLElement) line.hidden = muted() || !silent;
}

/** @param {Element} button @param {string} name */
function icon(button, name) {
  const href = button.querySelector("use")?.getAttribute("href") ?? "";
  return `${href.split("#")[0]}#${name}`;
}

/** @param {SubmitEvent} event */
async function act(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("helpAct" in form.dataset)) return;
  event.preventDefault();
  event.stopPropagation();
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Region": "1", Accept: "text/html" },
    });
    if (response.redirected || response.status === 401) return location.reload();
    if (response.ok || response.status === 409) {
      region.innerHTML = await response.text();
      region.dispatchEvent(new CustomEvent("region:refreshed", { bubbles: true }));
      region.querySelector("button")?.focus({ preventScroll: true });
    }
  } catch {
    // Out of reach: the banner stays as it is, and is fetched again by itself.
  }
}

/** Follows the calls, on a page without a live connection that tells of them. @param {string} url */
async function follow(url) {
  let abort = new AbortController();
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    hiddenAt = document.hidden ? Date.now() : 0;
    if (!document.hidden) refresh(region);
  });
  // A browser keeps few connections to one server: a page that nobody looks at gives its own up.
  setInterval(() => {
    if (!hiddenAt || Date.now() - hiddenAt < AWAY_MS) return;
    abort.abort();
    refresh(region);
  }, LOOK_MS);
  window.addEventListener("pagehide", () => abort.abort());
  for (;;) {
    while (hiddenAt && Date.now() - hiddenAt >= AWAY_MS) await pause(AGAIN_MS);
    abort = new AbortController();
    await readStream(url, {
      lastId: "",
      signal: abort.signal,
      onOpen: () => refresh(region),
      onBytes: () => undefined,
      onEvent: (event) => event.event === "help" && refresh(region),
    }).catch(() => undefined);
    await pause(AGAIN_MS);
  }
}

document.addEventListener("submit", act, { capture: true });
document.addEventListener("click", (event) => {
  silent = false;
  const target = event.target instanceof Element ? event.target : null;
  if (!target?.closest("[data-help-sound]")) return paint();
  localStorage.setItem(MUTED, muted() ? "0" : "1");
  paint();
  if (!muted()) sound(1);
});
document.addEventListener("region:refreshed", (event) => event.target === region && look());
startTimers();
look();
if (region.dataset.helpLive && region.dataset.helpLive !== document.body.dataset.liveUrl) follow(region.dataset.helpLive);
