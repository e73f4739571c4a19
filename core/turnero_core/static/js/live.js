/**
 * The live connection of a page. Each server event becomes a CustomEvent `live:<event>` on the
 * document with `detail = {id, data}` (data parsed when it is JSON); every connection, first or
 * renewed, is `live:connected`, a lost one `live:lost`. The root element carries
 * data-connection="online" or "offline".
 */
import { readStream } from "./sse.js";

// The server sends something at least every 15 s; two silent rounds and a margin mean it is gone.
const SILENCE_MS = 35_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
const HIDDEN_TOO_LONG_MS = 30_000;

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * @param {string} name
 * @param {object} [detail]
 */
function announce(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

/** @param {"online" | "offline"} state */
function show(state) {
  document.documentElement.dataset.connection = state;
  const line = document.getElementById("connection");
  const text = state === "offline" ? (line?.dataset.offline ?? "") : "";
  if (line && line.textContent !== text) line.textContent = text;
}

export class Live {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    this.lastId = "";
    this.retries = 0;
    this.closed = false;
    this.abort = new AbortController();
    this.hiddenSince = 0;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.wokeUp());
    window.addEventListener("pageshow", (event) => event.persisted && this.reconnect());
    window.addEventListener("online", () => this.reconnect());
    window.addEventListener("offline", () => this.abort.abort());
    window.addEventListener("pagehide", () => this.abort.abort());
    this.run();
    return this;
  }

  close() {
    this.closed = true;
    this.abort.abort();
  }

  /** Drops the present connection, if any, and makes a new one at once. */
  reconnect() {
    this.retries = 0;
    this.abort.abort();
    this.wake?.();
  }

  wokeUp() {
    if (document.hidden) {
      this.hiddenSince = Date.now();
    } else if (Date.now() - this.hiddenSince > HIDDEN_TOO_LONG_MS) {
      this.reconnect();
    }
  }

  async run() {
    while (!this.closed) {
      await this.connectOnce().catch(() => undefined);
      if (this.closed) return;
      announce("lost");
      // A stream that ends and is back at once (a server restarting, a tab waking) is no news.
      if (this.retries > 0) show("offline");
      await this.pause();
    }
  }

  async connectOnce() {
    this.abort = new AbortController();
    const silent = () => this.abort.abort();
    let watchdog = setTimeout(silent, SILENCE_MS);
    const onBytes = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(silent, SILENCE_MS);
    };
    try {
      await readStream(this.url, {
        lastId: this.lastId,
        signal: this.abort.signal,
        onOpen: () => this.opened(),
        onBytes,
        onEvent: (event) => this.received(event),
      });
    } finally {
      clearTimeout(watchdog);
    }
  }

  opened() {
    this.retries = 0;
    show("online");
    announce("connected");
  }

  /** @param {import("./sse.js").ServerEvent} event */
  received(event) {
    this.lastId = event.id;
    announce(event.event, { id: event.id, data: parsed(event.data) });
  }

  /** Waits longer each time; the random share keeps a hall of screens from returning at once. */
  pause() {
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.retries++);
    return new Promise((resolve) => {
      this.wake = () => resolve(undefined);
      setTimeout(this.wake, longest * (0.5 + Math.random() / 2));
    });
  }
}

/**
 * @param {string} url of the stream
 * @returns {Live}
 */
export function connect(url) {
  return new Live(url).start();
}
