/**
 * Words to everybody in the hall: said once when they are new and nobody is being called, and gone
 * at their hour, which the server tells in seconds because the screen's clock may be wrong.
 */
import { refresh } from "/static/js/region.js";
import { maySound, maySpeak } from "./sound.js";

const CLOSE_TO_ITS_HOUR_MS = 300;

/** @type {Set<string>} */
const said = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let over;

/**
 * @param {HTMLElement} region
 * @param {import("/static/js/speak.js").Announcer} announcer
 */
async function say(region, announcer) {
  const words = region.querySelector("[data-say]");
  const id = words instanceof HTMLElement ? (words.dataset.message ?? "") : "";
  if (!id || said.has(id) || !maySound()) return;
  said.add(id);
  let chime = true;
  for (const text of region.querySelectorAll("[lang]")) {
    const lang = text.getAttribute("lang") ?? "";
    if (!maySpeak(lang)) continue;
    await announcer.announce(text.textContent ?? "", { lang, chime });
    chime = false;
  }
  if (chime) await announcer.announce("", { speech: false });
}

/**
 * @param {HTMLElement} region
 * @param {import("/static/js/speak.js").Announcer} announcer
 * @returns {() => Promise<void>} to be called when no call is being spoken
 */
export function startMessage(region, announcer) {
  const follow = () => {
    clearTimeout(over);
    const words = region.querySelector("[data-left]");
    if (!(words instanceof HTMLElement)) return;
    const left = Number(words.dataset.left) * 1000 + CLOSE_TO_ITS_HOUR_MS;
    over = setTimeout(() => refresh(region), left);
  };
  region.addEventListener("region:refreshed", follow);
  follow();
  return () => say(region, announcer);
}
