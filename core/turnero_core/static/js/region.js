/**
 * Live regions. An element with data-refresh-url is fetched and swapped on the live events named
 * in data-refresh-on ("call queue"), on every (re)connection after the first paint, when the
 * configuration changes, and every data-refresh-every seconds if given, but not while htmx asks for
 * something inside it. Before a swap it dispatches `region:arrived`, which whoever is about to paint
 * the same place may cancel; after it, `region:refreshed`.
 */
const GATHER_MS = 80;
const RETRY_MS = 4_000;

/** @type {WeakMap<Element, Region>} */
const known = new WeakMap();

/**
 * How to find an element again after its markup was replaced; "" if it has nothing of its own.
 * @param {Element} element
 */
export function selectorOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element instanceof HTMLElement && element.dataset.key) return `[data-key="${CSS.escape(element.dataset.key)}"]`;
  const attribute = ["name", "href"].find((name) => element.getAttribute(name));
  return attribute ? `[${attribute}="${CSS.escape(element.getAttribute(attribute) ?? "")}"]` : "";
}

export class Region {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.abort = new AbortController();
    this.timer = 0;
  }

  /** Asks for a refresh soon: several events in a row make one request. */
  request() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), GATHER_MS);
  }

  /** Fetches now; an older answer that is still under way is dropped. */
  async refresh() {
    clearTimeout(this.timer);
    this.abort.abort();
    const own = (this.abort = new AbortController());
    try {
      const html = await this.fetch(own.signal);
      if (!own.signal.aborted) this.swap(html);
    } catch {
      if (!own.signal.aborted) this.failed();
    }
  }

  /** @param {AbortSignal} signal */
  async fetch(signal) {
    const response = await fetch(this.element.dataset.refreshUrl ?? "", {
      signal,
      cache: "no-store",
      headers: { Accept: "text/html", "X-Region": "1" },
    });
    // A redirect means the session is over: the whole page has to follow it, not this part.
    if (response.redirected || response.status === 401) location.reload();
    if (!response.ok || response.redirected) throw new Error(`${response.status}`);
    return response.text();
  }

  /** @param {string} html */
  swap(html) {
    // What htmx asks for stays until its answer is shown: how, stands around it.
    if (this.element.querySelector(".htmx-request")) {
      document.addEventListener("htmx:afterRequest", () => this.element.isConnected && this.request(), { once: true });
      return;
    }
    const arrived = new CustomEvent("region:arrived", { bubbles: true, cancelable: true });
    if (!this.element.dispatchEvent(arrived)) return;
    delete this.element.dataset.stale;
    const active = document.activeElement;
    const key = active && active !== this.element && this.element.contains(active) ? selectorOf(active) : "";
    const { scrollTop, scrollLeft } = this.element;
    this.element.innerHTML = html;
    this.element.scrollTo(scrollLeft, scrollTop);
    if (key) /** @type {HTMLElement | null} */ (this.element.querySelector(key))?.focus({ preventScroll: true });
    window.htmx?.process(this.element);
    watch(this.element);
    this.element.dispatchEvent(new CustomEvent("region:refreshed", { bubbles: true }));
  }

  failed() {
    this.element.dataset.stale = "";
    this.timer = setTimeout(() => this.element.isConnected && this.refresh(), RETRY_MS);
  }
}

/** @param {HTMLElement} element */
function start(element) {
  const region = new Region(element);
  known.set(element, region);
  const names = (element.dataset.refreshOn ?? "").split(/\s+/).filter(Boolean);
  const react = () => element.isConnected && region.request();
  for (const name of [...names, "connected", "configuration"]) {
    document.addEventListener(`live:${name}`, react);
  }
  const every = Number(element.dataset.refreshEvery ?? 0);
  if (every > 0) setInterval(() => !document.hidden && react(), every * 1000);
}

/**
 * Starts every region inside `root` that is not running yet.
 * @param {ParentNode} [root]
 */
export function watch(root = document) {
  for (const element of root.querySelectorAll("[data-refresh-url]")) {
    if (!known.has(element)) start(/** @type {HTMLElement} */ (element));
  }
}

/**
 * Refreshes one region now.
 * @param {HTMLElement} element
 */
export async function refresh(element) {
  await known.get(element)?.refresh();
}
