/** Helping on a kiosk's screen: keeps the frame on the page that the kiosk shows, and turns it. */
import { refresh } from "/static/js/region.js";

const region = /** @type {HTMLElement} */ (document.getElementById("assist"));
const frame = /** @type {HTMLIFrameElement} */ (document.getElementById("assist-frame"));
const said = /** @type {HTMLElement} */ (document.getElementById("assist-said"));

/** Fetched anew only for another page, for a frame that loads flickers. */
function look() {
  const state = region.querySelector("[data-frame]");
  const wanted = state instanceof HTMLElement ? (state.dataset.frame ?? "") : "";
  frame.hidden = !wanted;
  if (wanted && frame.getAttribute("src") !== wanted) frame.src = wanted;
  if (!wanted) frame.removeAttribute("src");
}

/** @param {string} path */
async function lead(path) {
  const body = new FormData();
  body.set("csrf_token", region.dataset.csrf ?? "");
  body.set("path", path);
  said.hidden = true;
  const response = await fetch(region.dataset.leadUrl ?? "", { method: "POST", body, headers: { "X-Region": "1" } });
  if (response.status === 409) {
    said.textContent = await response.text();
    said.hidden = false;
  }
  refresh(region);
}

window.addEventListener("message", (event) => {
  const path = event.data?.turneroLead;
  if (event.source === frame.contentWindow && event.origin === location.origin && typeof path === "string") {
    lead(path).catch(() => undefined);
  }
});
document.addEventListener("region:refreshed", (event) => event.target === region && look());
look();
