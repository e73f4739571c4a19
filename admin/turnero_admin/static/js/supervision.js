/**
 * Supervision: an action opens over the live page instead of leaving it. Without this script the
 * same link leads to the action's own page.
 */
import { openDialog } from "/static/js/dialog.js";

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("act"));
const body = document.getElementById("act-body");

/** @param {HTMLAnchorElement} link */
async function open(link) {
  if (!dialog || !body) return;
  try {
    const response = await fetch(link.href, { cache: "no-store", headers: { Accept: "text/html", "X-Region": "1" } });
    if (!response.ok || response.redirected) throw new Error(`${response.status}`);
    body.innerHTML = await response.text();
  } catch {
    // The page itself says what is wrong: signed out, gone, or out of reach.
    location.assign(link.href);
    return;
  }
  openDialog(dialog, link);
  document.getElementById("act-title")?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a[data-act]");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});
/* What was unfolded stays so when the page renews itself. */

/** @type {Set<string>} */
let unfolded = new Set();
document.addEventListener("region:arrived", (event) => {
  const region = /** @type {HTMLElement} */ (event.target);
  unfolded = new Set([...region.querySelectorAll("details[open]")].map((details) => details.id));
});
document.addEventListener("region:refreshed", (event) => {
  const region = /** @type {HTMLElement} */ (event.target);
  for (const details of region.querySelectorAll("details")) {
    if (unfolded.has(details.id)) details.open = true;
  }
});
dialog?.addEventListener("close", () => body?.replaceChildren());
document.body.dataset.supervision = "ready";
