/** At a kiosk of the demonstration: types what the virtual reader sends, key by key. */
import { readStream } from "/static/js/sse.js";

const AGAIN_MS = 2_000;
const url = document.body.dataset.virtualScanner ?? "";

/** @param {string} text */
function type(text) {
  for (const key of [...text, "Enter"]) {
    const at = document.activeElement ?? document.body;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}

async function listen() {
  for (;;) {
    await readStream(url, {
      lastId: "",
      signal: new AbortController().signal,
      onOpen: () => (document.documentElement.dataset.reader = "ready"),
      onBytes: () => undefined,
      onEvent: (event) => event.event === "scan" && type(JSON.parse(event.data).text),
    }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

if (url) listen();
