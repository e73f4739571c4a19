/**
 * Spoken calls, one after another and none dropped: chime, then the sentence if this machine has
 * a voice of its own for the language. Dispatches `speak:start` and `speak:end` on the document,
 * `detail = {text, lang, spoken}`.
 */
import { chime, wait } from "./chime.js";

const VOICES_MS = 1500;
const MS_PER_LETTER = 180;
const GAP_MS = 350;

/** @returns {SpeechSynthesisVoice[]} */
const voices = () => window.speechSynthesis?.getVoices() ?? [];

/** Voices arrive late in some browsers; a machine without any must not hold up the call. */
async function loadedVoices() {
  if (!window.speechSynthesis || voices().length) return voices();
  const changed = new Promise((resolve) =>
    window.speechSynthesis.addEventListener("voiceschanged", resolve, { once: true }),
  );
  await Promise.race([changed, wait(VOICES_MS)]);
  return voices();
}

/**
 * A voice that needs no network, so that no call leaves the office.
 * @param {string} lang as in "es" or "es-PE"
 */
export async function voiceFor(lang) {
  const local = (await loadedVoices()).filter((voice) => voice.localService);
  const tag = (/** @type {SpeechSynthesisVoice} */ voice) => voice.lang.replace("_", "-").toLowerCase();
  const wanted = lang.toLowerCase();
  const language = wanted.split("-")[0];
  return (
    local.find((voice) => tag(voice) === wanted) ??
    local.find((voice) => tag(voice).split("-")[0] === language)
  );
}

/**
 * @param {string} text
 * @param {SpeechSynthesisVoice} voice
 * @param {number} volume
 * @returns {Promise<boolean>} whether it was said to the end
 */
function say(text, voice, volume) {
  const said = new Promise((resolve) => {
    const utterance = new SpeechSynthesisUtterance(text);
    Object.assign(utterance, { voice, lang: voice.lang, rate: 0.92, volume });
    utterance.onend = () => resolve(true);
    utterance.onerror = () => resolve(false);
    window.speechSynthesis.speak(utterance);
  });
  // Some engines never report the end; the queue goes on all the same.
  const tooLong = wait(3000 + text.length * MS_PER_LETTER).then(() => false);
  return /** @type {Promise<boolean>} */ (Promise.race([said, tooLong]));
}

export class Announcer {
  /** @param {{volume?: number, lang?: string}} [options] */
  constructor({ volume = 1, lang = document.documentElement.lang || "es" } = {}) {
    this.volume = volume;
    this.lang = lang;
    this.waiting = 0;
    /** @type {Promise<unknown>} */
    this.tail = Promise.resolve();
  }

  /**
   * Puts an announcement at the end of the queue.
   * @param {string} text
   * @param {{lang?: string, chime?: boolean, speech?: boolean}} [options]
   * @returns {Promise<boolean>} when it is over: whether it was spoken (false: chime only)
   */
  announce(text, { lang = this.lang, chime: withChime = true, speech = true } = {}) {
    this.waiting += 1;
    const turn = this.tail.then(() => this.perform(text, lang, withChime, speech));
    this.tail = turn.catch(() => false);
    return turn;
  }

  /**
   * @param {string} text
   * @param {string} lang
   * @param {boolean} withChime
   * @param {boolean} speech
   */
  async perform(text, lang, withChime, speech) {
    let spoken = false;
    document.dispatchEvent(new CustomEvent("speak:start", { detail: { text, lang, spoken } }));
    try {
      if (withChime && this.volume > 0) await chime(this.volume);
      const voice = speech && this.volume > 0 ? await voiceFor(lang) : undefined;
      if (voice) spoken = await say(text, voice, this.volume);
    } finally {
      this.waiting -= 1;
      document.dispatchEvent(new CustomEvent("speak:end", { detail: { text, lang, spoken } }));
    }
    await wait(GAP_MS);
    return spoken;
  }
}
