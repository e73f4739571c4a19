/**
 * The machine around the kiosk's pages: its reader, its heartbeat, what it is told by the server,
 * its screen's hours, and the way to the technician's menu.
 */
import { readStream } from "/static/js/sse.js";
import { watchScanner } from "./scanner.js";

const BEAT_MS = 15_000;
const AGAIN_MS = 3_000;
const AWAKE_MS = 60_000;
const TAPS = 5;
const TAPS_MS = 3_000;
const CORNER_PX = 140;

const root = document.documentElement;
const data = document.body.dataset;
const page = () => document.getElementById("page");
const atStart = () => page()?.dataset.screen === "start";
const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* The reader */

/** @param {string} text */
function scanned(text) {
  const screen = page();
  const here = document.querySelector("[data-scan-here]");
  const action = here instanceof HTMLElement ? here.dataset.scanHere : data.scan;
  if (!action || !screen || screen.inert || root.dataset.scanning) return;
  root.dataset.scanning = "1";
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action, hidden: true });
  for (const [name, value] of Object.entries({ csrf_token: data.csrf ?? "", text })) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  screen.append(form);
  window.htmx?.process(form);
  form.requestSubmit();
}

const released = () => delete root.dataset.scanning;
for (const name of ["htmx:afterSettle", "htmx:sendError", "htmx:responseError"]) {
  document.body.addEventListener(name, released);
}
if (data.scan) watchScanner(scanned);

/* The heartbeat */

let errors = 0;
let leave = false;
window.addEventListener("error", () => (errors += 1));
window.addEventListener("unhandledrejection", () => (errors += 1));

const told = () => ({
  version: data.version ?? "",
  errors,
  connection: root.dataset.connection ?? "",
  screen: page()?.dataset.screen ?? "",
  resting: "resting" in root.dataset,
  width: innerWidth,
  height: innerHeight,
  browser: navigator.userAgent.slice(-60),
});

async function beat() {
  const response = await fetch(data.beat ?? "", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Turnero-Kiosk": "1" },
    body: JSON.stringify(told()),
    cache: "no-store",
    signal: AbortSignal.timeout(BEAT_MS),
  });
  const answer = await response.json();
  if (answer.state === "revoked") return location.replace("/kiosk");
  const wanted = (answer.commands ?? []).some((/** @type {string} */ name) => name !== "retry");
  leave ||= wanted || answer.mark !== data.mark;
  startAgainSoon();
}

/** A change waits until nobody is in the middle of something. */
function startAgainSoon() {
  if (leave && atStart()) location.replace("/kiosk");
}

async function beatForever() {
  for (;;) {
    await beat().catch(() => undefined);
    await wait(BEAT_MS);
  }
}

async function listenForever() {
  for (;;) {
    await readStream(data.machineLive ?? "", {
      lastId: "",
      signal: new AbortController().signal,
      onOpen: () => undefined,
      onBytes: () => undefined,
      onEvent: (event) => event.event === "machine" && beat().catch(() => undefined),
    }).catch(() => undefined);
    await wait(AGAIN_MS);
  }
}

document.addEventListener("kiosk:screen", startAgainSoon);
if (data.beat) beatForever();
if (data.machineLive) listenForever();

/* The screen's hours */

let touchedAt = -Infinity;
const resting = document.getElementById("resting");

const clock = () =>
  new Intl.DateTimeFormat("en-GB", { timeZone: data.zone, hour: "2-digit", minute: "2-digit" }).format(new Date());

/**
 * Whether `now` lies outside the hours from `on` to `off`; they may go past midnight.
 * @param {string} now as in 08:30
 * @param {string} on
 * @param {string} off
 */
export function isOff(now, on, off) {
  return on < off ? now < on || now >= off : now < on && now >= off;
}

function rest() {
  if (!resting || !data.screenOn || !data.screenOff) return;
  const now = clock();
  const dark = isOff(now, data.screenOn, data.screenOff) && atStart() && performance.now() - touchedAt > AWAKE_MS;
  resting.hidden = !dark;
  if (dark) root.dataset.resting = "";
  else delete root.dataset.resting;
  const face = resting.querySelector("[data-resting-clock]");
  if (face && face.textContent !== now) face.textContent = now;
}

for (const sign of ["pointerdown", "keydown"]) {
  document.addEventListener(sign, (event) => {
    const slept = "resting" in root.dataset;
    touchedAt = performance.now();
    rest();
    // The touch that wakes the screen chooses nothing.
    if (slept) event.preventDefault();
  }, { capture: true });
}
resting?.addEventListener("click", (event) => event.stopPropagation());
setInterval(rest, 1000);
rest();

/* The way to the technician's menu: five touches in the upper left corner, or Alt+Shift+T */

/** @type {number[]} */
let taps = [];
const openMenu = () => data.technician && location.assign(data.technician);

document.addEventListener("pointerdown", (event) => {
  if (!atStart() || event.clientX > CORNER_PX || event.clientY > CORNER_PX) return (taps = []);
  taps = [...taps.filter((at) => event.timeStamp - at < TAPS_MS), event.timeStamp];
  if (taps.length >= TAPS) openMenu();
});
document.addEventListener("keydown", (event) => {
  if (atStart() && event.altKey && event.shiftKey && event.code === "KeyT") openMenu();
});
