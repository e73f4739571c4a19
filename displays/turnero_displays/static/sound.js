/** Whether this screen may sound, and the button that lets it. */
import { chime } from "/static/js/chime.js";

// Browsers list their voices late; until then a voice is hoped for.
const VOICES_MS = 2000;
const startedAt = performance.now();
/** @type {AudioContext | undefined} */
let probe;

/** False until somebody has touched the screen, unless the browser was started for a kiosk. */
export const maySound = () => probe?.state === "running";

/**
 * Whether a call could be spoken in `lang` without any network.
 * @param {string} lang
 */
export function maySpeak(lang) {
  if (!window.speechSynthesis || !maySound()) return false;
  const local = window.speechSynthesis.getVoices().filter((voice) => voice.localService);
  if (!local.length && performance.now() - startedAt < VOICES_MS) return true;
  return local.some((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === lang);
}

/**
 * Shows `button` while a touch is needed. After one touch, anywhere, a chime shows that it worked.
 * @param {HTMLButtonElement} button
 * @param {() => void} onChange the button came or went
 */
export async function startSound(button, onChange) {
  try {
    probe = new AudioContext();
  } catch {
    return;
  }
  const own = probe;
  const paint = () => {
    button.hidden = own.state === "running";
    onChange();
  };
  const unlock = async () => {
    if (own.state === "running") return;
    await own.resume();
    paint();
    await chime();
  };
  own.addEventListener("statechange", paint);
  for (const sign of ["pointerup", "keyup"]) document.addEventListener(sign, unlock);
  await new Promise((resolve) => setTimeout(resolve, 300));
  paint();
}
