/**
 * The hall: every call is shown huge and spoken, one after another, none lost. The board beside it
 * is a live region and shows the latest calls at once, whatever is still being spoken. A changed
 * configuration changes the words around it, and never a call that is shown.
 * Dispatches `hall:shown` with the call whenever one comes on the plate.
 */
import { Announcer } from "/static/js/speak.js";
import { startClock } from "./clock.js";
import { fit, keepFitting } from "./fit.js";
import { startMessage } from "./message.js";
import { maySound, maySpeak, startSound } from "./sound.js";
import { Wording } from "./wording.js";

/** @typedef {import("./wording.js").Call} Call */

/**
 * How a call is performed when more than `over` others wait behind it. It stays at least `least`
 * ms, so that it can be read where there is no voice.
 */
const PACES = [
  { over: 20, least: 1000, languages: 0, short: true, chime: false },
  { over: 6, least: 1500, languages: 1, short: true, chime: false },
  { over: 2, least: 2500, languages: 1, short: false, chime: true },
  { over: -1, least: 4000, languages: 2, short: false, chime: true },
];
const YELLOW_MS = 12_000;
const ON_THE_PLATE_MS = 90_000;

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const hall = element("hall");
const now = element("hall-now");
const label = element("hall-label");
const number = element("hall-number");
const where = element("hall-where");
const locale = document.documentElement.lang;
const wordingOf = (/** @type {DOMStringMap} */ { sentences, desks }) =>
  new Wording(JSON.parse(sentences ?? "{}"), JSON.parse(desks ?? "{}"), locale);
let wording = wordingOf(hall.dataset);
const announcer = new Announcer({ lang: locale });

/** @type {Call[]} */
const waiting = [];
let busy = false;
let beginAgain = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {number} count */
function labelOf(count) {
  const { first, second, later } = label.dataset;
  const text = count > 2 ? later : count > 1 ? second : first;
  return (text ?? "").replace("{count}", String(count));
}

/** Marks the row of the call on the plate. */
function markRow() {
  const code = now.dataset.state === "idle" ? "" : number.textContent;
  for (const row of document.querySelectorAll("[data-call]")) {
    row.toggleAttribute("data-current", row.getAttribute("data-call") === code);
  }
}

/** @param {"idle" | "calling" | "called"} state */
function become(state) {
  now.dataset.state = state;
  now.removeAttribute("data-motion");
  markRow();
}

/** @param {Call} call */
function show(call) {
  clearTimeout(timer);
  label.textContent = labelOf(call.count);
  number.textContent = call.ticket;
  where.textContent = call.desk_name;
  become("calling");
  fit(now);
  void now.offsetWidth;
  now.setAttribute("data-motion", "");
  document.body.dataset.callsShown = String(Number(document.body.dataset.callsShown) + 1);
  document.dispatchEvent(new CustomEvent("hall:shown", { detail: call }));
}

/** The last call stays in view for a while and then makes room for the invitation to watch. */
function rest() {
  timer = setTimeout(() => {
    become("called");
    timer = setTimeout(() => become("idle"), ON_THE_PLATE_MS);
  }, YELLOW_MS);
}

/**
 * The citizen's language first; the municipality's too where there is time, or no voice for the
 * first. Without any voice the chime is the call.
 * @param {Call} call
 * @param {typeof PACES[number]} pace
 */
async function say(call, pace) {
  const voices = hall.dataset.voice === "off" ? 0 : pace.languages;
  const spoken = wording.languages(call).filter(maySpeak).slice(0, voices);
  const chime = maySound() && pace.languages > 0 && (pace.chime || !spoken.length);
  if (!spoken.length && chime) await announcer.announce("", { speech: false });
  for (const [index, lang] of spoken.entries()) {
    const { text } = wording.of(call, lang, pace.short);
    await announcer.announce(text, { lang, chime: chime && index === 0 });
  }
}

async function perform() {
  if (busy) return;
  busy = true;
  for (let call = waiting.shift(); call; call = waiting.shift()) {
    const pace = PACES.find(({ over }) => waiting.length > over) ?? PACES[0];
    show(call);
    await Promise.all([say(call, pace), pause(pace.least)]);
  }
  busy = false;
  rest();
  sayMessage();
  if (beginAgain) location.reload();
}

/** Another language or zone changes everything here: that waits for a moment without a call. */
function reconfigure(/** @type {Document} */ page) {
  const fresh = page.getElementById("hall");
  if (!fresh) return;
  wording = wordingOf(fresh.dataset);
  hall.dataset.voice = fresh.dataset.voice ?? "";
  beginAgain = page.documentElement.lang !== locale || fresh.dataset.zone !== hall.dataset.zone;
  if (beginAgain && !busy) location.reload();
  fit();
}

// Calls come first: what is to be said to everybody waits until they are through. A call that comes
// while it is said is shown at once and spoken right after it.
const message = element("hall-message");
const sayMessage = startMessage(message, announcer);
message.addEventListener("region:refreshed", () => {
  // The calls beside it have less room now, or more.
  fit();
  if (!busy) sayMessage();
});

document.addEventListener("live:call", (event) => {
  waiting.push(/** @type {CustomEvent} */ (event).detail.data);
  perform();
});
document.addEventListener("region:refreshed", markRow);
document.addEventListener("configuration:renewed", (event) =>
  reconfigure(/** @type {CustomEvent} */ (event).detail.page),
);

markRow();
keepFitting();
if (now.dataset.state === "called") timer = setTimeout(() => become("idle"), ON_THE_PLATE_MS);
startClock(
  /** @type {HTMLTimeElement} */ (element("hall-clock")),
  element("hall-date"),
  hall.dataset.zone ?? "UTC",
  locale,
);
startSound(/** @type {HTMLButtonElement} */ (element("hall-sound")), () => fit());
