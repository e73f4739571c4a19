/**
 * Readers of codes type like keyboards, only faster and to the end. Keys that come so are gathered,
 * kept from whatever has the focus, and given as one text when Enter, Tab or silence ends them.
 */
const BETWEEN_KEYS_MS = 45;
const SILENCE_MS = 150;
const FEWEST = 4;
// Readers that send no Enter must not take three quick letters of a person for a code.
const FEWEST_UNENDED = 8;
const LONGEST = 2000;
const FIELDS = "input, textarea, [contenteditable]";

/** Gathers one burst; knows nothing of the page. */
export class Burst {
  constructor() {
    this.clear();
  }

  clear() {
    this.text = "";
    this.last = 0;
    this.dropped = 0;
  }

  get fast() {
    return this.text.length >= FEWEST;
  }

  /**
   * @param {string} key one sign
   * @param {number} at milliseconds
   */
  add(key, at) {
    if (this.text && at - this.last > BETWEEN_KEYS_MS) this.clear();
    this.last = at;
    // One more than is ever read: whoever reads it can tell that it was too long.
    if (this.text.length <= LONGEST) this.text += key;
    else this.dropped += 1;
  }

  /**
   * What was gathered, if it can only have been a reader.
   * @param {boolean} ended by a key that readers end with
   */
  take(ended) {
    const text = this.text.length >= (ended ? FEWEST : FEWEST_UNENDED) ? this.text : "";
    this.clear();
    return text;
  }
}

/**
 * @param {(text: string) => void} onScan
 * @param {Document} [target]
 */
export function watchScanner(onScan, target = document) {
  const burst = new Burst();
  /** @type {{field: HTMLInputElement, value: string} | undefined} */
  let typedInto;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;

  const give = (/** @type {boolean} */ ended) => {
    clearTimeout(silence);
    const text = burst.take(ended);
    if (text && typedInto) typedInto.field.value = typedInto.value;
    typedInto = undefined;
    if (text) onScan(text);
    return Boolean(text);
  };

  target.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.isComposing) return;
      const soon = event.timeStamp - burst.last <= BETWEEN_KEYS_MS;
      if (event.key === "Enter" || event.key === "Tab") {
        if (burst.fast && soon && give(true)) {
          event.preventDefault();
          event.stopImmediatePropagation();
        } else {
          burst.clear();
          typedInto = undefined;
        }
        return;
      }
      if (event.key.length !== 1) return;
      const field = event.target instanceof Element ? event.target.closest(FIELDS) : null;
      if (!burst.text || !soon) {
        typedInto = field instanceof HTMLInputElement ? { field, value: field.value } : undefined;
      }
      burst.add(event.key, event.timeStamp);
      // A space in the middle of a code would press the button that has the focus.
      if (!field && event.key === " " && burst.text.length > 1) event.preventDefault();
      clearTimeout(silence);
      silence = setTimeout(() => give(false), SILENCE_MS);
    },
    { capture: true },
  );
}
