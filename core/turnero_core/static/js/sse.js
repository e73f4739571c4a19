/**
 * A reader of text/event-stream over fetch. Unlike EventSource it sees comments, so that a
 * connection which died without a word can be told from a quiet one.
 * @typedef {{id: string, event: string, data: string}} ServerEvent
 */

/** Turns chunks of a stream into events; `lastId` is what to resume after. */
export class EventParser {
  /** @param {string} [lastId] */
  constructor(lastId = "") {
    this.lastId = lastId;
    this.rest = "";
    this.clear();
  }

  clear() {
    this.event = "message";
    /** @type {string[]} */
    this.lines = [];
  }

  /**
   * @param {string} chunk
   * @returns {ServerEvent[]} the events that this chunk completes
   */
  push(chunk) {
    const text = this.rest + chunk;
    // A lone CR at the end may be half of a CRLF: it waits for the next chunk.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    this.rest = lines.pop() + text.slice(whole.length);
    return lines.flatMap((line) => this.line(line));
  }

  /**
   * @param {string} line
   * @returns {ServerEvent[]}
   */
  line(line) {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.event = value || "message";
    else if (name === "data") this.lines.push(value);
    else if (name === "id" && !value.includes("\0")) this.lastId = value;
    return [];
  }

  dispatch() {
    const event = { id: this.lastId, event: this.event, data: this.lines.join("\n") };
    const empty = this.lines.length === 0;
    this.clear();
    return empty ? [] : [event];
  }
}

/**
 * Reads one connection to its end.
 * @param {string} url
 * @param {{lastId: string, signal: AbortSignal, onOpen: () => void, onBytes: () => void,
 *   onEvent: (event: ServerEvent) => void}} options onBytes is told of anything, comments too
 */
export async function readStream(url, { lastId, signal, onOpen, onBytes, onEvent }) {
  const target = new URL(url, location.href);
  if (lastId) target.searchParams.set("last_event_id", lastId);
  const response = await fetch(target, {
    signal,
    cache: "no-store",
    headers: { Accept: "text/event-stream" },
  });
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.ok || !response.body || !type.startsWith("text/event-stream")) {
    throw new Error(`No stream at ${target.pathname}: ${response.status}`);
  }
  onOpen();
  const parser = new EventParser(lastId);
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onBytes();
    parser.push(decoder.decode(value, { stream: true })).forEach(onEvent);
  }
}
