/**
 * A changed configuration reaches a page that is open. The body says of which version the page is
 * (data-configuration), the live events which one is in force. When they differ, `configuration:changed`
 * is dispatched on the document; unless somebody prevents it, the page renews itself where it is:
 * its colours, and each [id][data-configured] as the page has it now, with what was filled in. A
 * part inside an open dialog waits until that closes. Then `configuration:renewed` is dispatched
 * with `detail.page`, the page as it is now.
 */
const SPREAD_MS = 300;
const AGAIN_MS = 4_000;
const EVENTS = ["ready", "configuration", "queue"];

let wanted = "";
let underWay = false;

const shown = () => document.body.dataset.configuration ?? "";
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {Event} event */
function told(event) {
  const version = /** @type {CustomEvent} */ (event).detail.data?.configuration;
  if (version === undefined || !shown() || String(version) === (wanted || shown())) return;
  wanted = String(version);
  change();
}

async function change() {
  if (underWay) return;
  underWay = true;
  // Many screens hear of it at the same moment: they do not all ask in the same one.
  await pause(Math.random() * SPREAD_MS);
  while (wanted && wanted !== shown()) {
    const version = wanted;
    const changed = new CustomEvent("configuration:changed", { detail: { version }, cancelable: true });
    if (!document.dispatchEvent(changed) || (await renewed())) document.body.dataset.configuration = version;
    else await pause(AGAIN_MS);
  }
  underWay = false;
}

/** The page as it is now; undefined when it cannot be had. */
async function pageNow() {
  const response = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
  // Signed out meanwhile, or what the page is about is gone: whoever looks at it has to know.
  if (response.redirected || [401, 403, 404].includes(response.status)) location.reload();
  if (!response.ok || response.redirected) return undefined;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Whether the page is now as it is configured. */
async function renewed() {
  const page = await pageNow().catch(() => undefined);
  if (!page) return false;
  paint(page);
  document.title = page.title;
  for (const element of document.querySelectorAll("[id][data-configured]")) {
    const fresh = page.getElementById(element.id);
    if (fresh) renewSoon(element, fresh);
  }
  document.dispatchEvent(new CustomEvent("configuration:renewed", { detail: { page } }));
  return true;
}

/** The new colours come before the old ones go, so that nothing is ever shown without. @param {Document} page */
function paint(page) {
  const old = document.querySelector("link[data-theme-sheet]");
  const fresh = page.querySelector("link[data-theme-sheet]");
  if (!old || !fresh || old.getAttribute("href") === fresh.getAttribute("href")) return;
  fresh.addEventListener("load", () => old.remove(), { once: true });
  old.after(fresh);
}

/**
 * @param {Element} element
 * @param {Element} fresh
 */
function renewSoon(element, fresh) {
  const dialog = element.closest("dialog[open]");
  if (dialog) dialog.addEventListener("close", () => renew(element, fresh), { once: true });
  else renew(element, fresh);
}

/**
 * @param {Element} element
 * @param {Element} fresh
 */
function renew(element, fresh) {
  if (!element.isConnected || element.isEqualNode(fresh)) return;
  keepFields(element, fresh);
  const focused = element.contains(document.activeElement) ? document.activeElement?.id : "";
  element.replaceWith(fresh);
  window.htmx?.process(/** @type {HTMLElement} */ (fresh));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/**
 * What somebody filled in or ticked stays, as far as there still is a place for it.
 * @param {Element} element
 * @param {Element} fresh
 */
function keepFields(element, fresh) {
  for (const field of element.querySelectorAll("input, select, textarea")) {
    const { name, value } = /** @type {HTMLInputElement} */ (field);
    const named = name && `${field.localName}[name="${CSS.escape(name)}"]`;
    if (!named || /** @type {HTMLInputElement} */ (field).type === "hidden") continue;
    if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
      const same = fresh.querySelector(`${named}[value="${CSS.escape(value)}"]`);
      if (same instanceof HTMLInputElement) same.checked = field.checked;
    } else if (field instanceof HTMLSelectElement) {
      const option = [...fresh.querySelectorAll(`${named} option`)].find((each) => /** @type {HTMLOptionElement} */ (each).value === value);
      if (option) /** @type {HTMLOptionElement} */ (option).selected = true;
    } else {
      const same = fresh.querySelector(named);
      if (same) /** @type {HTMLInputElement} */ (same).value = value;
    }
  }
}

export function followConfiguration() {
  for (const name of EVENTS) document.addEventListener(`live:${name}`, told);
}
