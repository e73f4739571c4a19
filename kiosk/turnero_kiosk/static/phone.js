/** The turn on a phone: when it is called, the page says so to eyes, ears and hand. */
import { chime } from "/static/js/chime.js";

const BUZZ_MS = [500, 150, 500, 150, 900];
const BLINK_MS = 1_000;
const BLINKS = 90;

const region = document.getElementById("status");
const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-sound]"));
const title = document.title;
let sound = false;
let blinking = 0;

/** @returns {DOMStringMap} */
const now = () => region?.querySelector("[data-state]")?.dataset ?? {};

let calls = 0;

function blink() {
  clearInterval(blinking);
  let count = 0;
  blinking = setInterval(() => {
    count += 1;
    const over = count > BLINKS || now().state !== "called";
    document.title = over || count % 2 === 0 ? title : `● ${now().call}`;
    if (over) clearInterval(blinking);
  }, BLINK_MS);
}

function called() {
  navigator.vibrate?.(BUZZ_MS);
  if (sound) chime().then(() => chime());
  blink();
}

/** Judged by what the page shows, not by events: a phone that slept through the call still buzzes. */
function look() {
  const { state, calls: made } = now();
  document.body.dataset.state = state ?? "";
  if (state === "called" && Number(made) > calls) called();
  calls = state === "called" ? Number(made) : 0;
  const box = document.querySelector("[data-alert]");
  if (box instanceof HTMLElement) box.hidden = state !== "waiting";
}

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // A phone low on battery refuses; the page works without.
  }
}

button?.addEventListener("click", async () => {
  sound = true;
  button.setAttribute("aria-pressed", "true");
  const label = button.querySelector("span");
  if (label) label.textContent = button.dataset.on ?? "";
  navigator.vibrate?.(80);
  stayAwake();
  await chime(0.6);
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && sound) stayAwake();
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("cancel-dialog"));
  if (target?.closest("[data-ask-cancel]") && dialog) {
    event.preventDefault();
    dialog.showModal();
  }
  if (target?.closest("[data-keep-turn]") && dialog?.open) {
    event.preventDefault();
    dialog.close();
  }
});

document.addEventListener("region:refreshed", look);
look();
