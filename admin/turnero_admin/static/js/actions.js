/**
 * Requests of the console. Each says whom the written part is about, so that the server replaces
 * it only for another person; a refusal that comes with the console is shown like any answer.
 */
import { refresh } from "/static/js/region.js";
import { writtenAbout } from "./work.js";

/** @param {"failed" | "unreachable"} what */
function notice(what) {
  const line = document.getElementById("notice");
  if (!line) return;
  const box = document.createElement("div");
  box.className = "notice notice--danger";
  box.append(Object.assign(document.createElement("p"), { textContent: line.dataset[what] ?? "" }));
  line.replaceChildren(box);
}

let underWay = 0;

/** The answer paints the desk: a live refresh before it would offer keys that are still dropped. */
function holdRefreshes() {
  document.addEventListener("region:arrived", (event) => {
    if (underWay > 0) event.preventDefault();
  });
}

function catchUp() {
  for (const id of ["console", "queue"]) {
    const region = document.getElementById(id);
    if (region) refresh(region);
  }
}

/** @param {CustomEvent} event */
function isNotes(event) {
  return event.detail.elt?.id === "notes";
}

export function startActions() {
  const on = (/** @type {string} */ name, /** @type {(event: CustomEvent) => void} */ react) =>
    document.body.addEventListener(name, (event) => react(/** @type {CustomEvent} */ (event)));
  on("htmx:configRequest", (event) => {
    event.detail.headers["X-Console-Person"] = writtenAbout();
  });
  on("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("X-Console")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  holdRefreshes();
  on("htmx:beforeSend", (event) => {
    if (!isNotes(event)) underWay += 1;
  });
  // A refresh that set out before the action must not paint what was before it.
  on("htmx:afterRequest", (event) => {
    if (isNotes(event)) return;
    underWay = Math.max(0, underWay - 1);
    catchUp();
  });
  on("htmx:responseError", (event) => {
    if (!isNotes(event) && event.detail.xhr.status !== 401) notice("failed");
  });
  on("htmx:sendError", (event) => !isNotes(event) && notice("unreachable"));
}
