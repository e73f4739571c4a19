/**
 * The hall: every call is shown huge and spoken, one after another, none lost. The board beside it
 * is a live region and shows the latest calls at once, whatever is still being spoken.
 */
import { Announcer } from "/static/js/speak.js";

/** @typedef {{ticket: string, desk: string, desk_name: string, count: number, language: string}} Call */

// A call stays at least this long, so that it can be read where there is no voice.
const SHOWN_MS = 4000;
const SHOWN_IN_A_CROWD_MS = 2500;
const CROWD = 4;
const FRESH_MS = 90_000;

const hall = /** @type {HTMLElement} */ (document.getElementById("hall"));
const now = /** @type {HTMLElement} */ (document.getElementById("hall-now"));
const label = /** @type {HTMLElement} */ (document.getElementById("hall-label"));
const number = /** @type {HTMLElement} */ (document.getElementById("hall-number"));
const where = /** @type {HTMLElement} */ (document.getElementById("hall-where"));
/** @type {Record<string, string>} */
const spoken = JSON.parse(hall.dataset.spoken ?? "{}");
const locale = hall.dataset.locale ?? "es";
const announcer = new Announcer({ lang: locale });

/** @type {Call[]} */
const waiting = [];
let busy = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let quietTimer;

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** "R012" is said "R, 12": letter by letter, then the number. @param {string} code */
function sayable(code) {
  const [, letters, digits] = code.match(/^(\D*)(\d+)$/) ?? ["", code, ""];
  return [...letters, digits && String(Number(digits))].filter(Boolean).join(", ");
}

/** @param {Call} call */
function sentence(call) {
  const words = spoken[call.language] ?? spoken[locale] ?? "{ticket}, {desk}";
  return words.replace("{ticket}", sayable(call.ticket)).replace("{desk}", call.desk_name);
}

/** @param {Call} call */
function show(call) {
  clearTimeout(quietTimer);
  label.textContent = (call.count > 1 ? label.dataset.againText : label.dataset.callText) ?? "";
  number.textContent = call.ticket;
  number.toggleAttribute("data-long", call.ticket.length > 4);
  where.textContent = call.desk_name;
  delete now.dataset.idle;
  now.removeAttribute("data-calling");
  void now.offsetWidth;
  now.setAttribute("data-calling", "");
  document.body.dataset.callsShown = String(Number(document.body.dataset.callsShown) + 1);
  document.dispatchEvent(new CustomEvent("hall:shown", { detail: call }));
}

/** The last call stays in view for a while and then makes room for the invitation to watch. */
function restLater() {
  quietTimer = setTimeout(() => {
    now.dataset.idle = "";
    now.removeAttribute("data-calling");
    label.textContent = label.dataset.idleText ?? "";
    number.textContent = "";
    where.textContent = "";
  }, FRESH_MS);
}

async function perform() {
  if (busy) return;
  busy = true;
  for (let call = waiting.shift(); call; call = waiting.shift()) {
    show(call);
    const least = pause(waiting.length >= CROWD ? SHOWN_IN_A_CROWD_MS : SHOWN_MS);
    await Promise.all([announcer.announce(sentence(call), { lang: call.language || locale }), least]);
  }
  busy = false;
  restLater();
}

document.addEventListener("live:call", (event) => {
  waiting.push(/** @type {CustomEvent} */ (event).detail.data);
  perform();
});

function startClock() {
  const clock = /** @type {HTMLTimeElement} */ (document.getElementById("hall-clock"));
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: hall.dataset.zone };
  const face = new Intl.DateTimeFormat(locale, /** @type {Intl.DateTimeFormatOptions} */ (options));
  // The screen's own clock may be wrong: it is set by the server's at the start.
  const offset = Date.parse(clock.dateTime) - Date.now();
  const tick = () => {
    const text = face.format(Date.now() + offset);
    if (clock.textContent !== text) clock.textContent = text;
  };
  tick();
  setInterval(tick, 1000);
}

/** Browsers allow sound only after a touch, unless the kiosk mode says otherwise. */
async function startSound() {
  const button = /** @type {HTMLButtonElement} */ (document.getElementById("hall-sound"));
  const probe = new AudioContext();
  await pause(200);
  button.hidden = probe.state === "running";
  button.addEventListener("click", () => {
    button.hidden = true;
    probe.resume();
  });
}

startClock();
startSound();
