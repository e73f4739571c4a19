/**
 * Help at the kiosk: the question whether somebody may help on this screen, and being led to a
 * page. All of it stands in the line above the page, which the server renders; this acts on it.
 */
import { refresh } from "/static/js/region.js";

let following = "";

const page = () => document.getElementById("page");
const strip = () => /** @type {HTMLElement | null} */ (document.querySelector(".helping"));
const dialog = () => /** @type {HTMLDialogElement | null} */ (document.getElementById("assist-dialog"));

/** Opens the question while it is asked, closes it once it is answered or has run out. */
function ask() {
  const box = dialog();
  if (!box) return;
  const question = strip()?.querySelector("template[data-consent]");
  if (!(question instanceof HTMLTemplateElement)) return box.close();
  if (box.open) return;
  box.replaceChildren(question.content.cloneNode(true));
  box.showModal();
}

/** Goes where whoever helps has turned the page to, unless that is here. */
function follow() {
  const line = strip()?.querySelector("[data-lead]");
  const lead = line instanceof HTMLElement ? (line.dataset.lead ?? "") : "";
  const screen = page();
  if (!lead || lead === following || !lead.startsWith("/kiosk/") || !screen || screen.inert) return;
  following = lead;
  const link = Object.assign(document.createElement("a"), { href: lead, hidden: true });
  screen.append(link);
  window.htmx?.process(link);
  link.click();
}

function look() {
  ask();
  follow();
}

/** @param {SubmitEvent} event */
async function answer(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("helpForm" in form.dataset)) return;
  if (!strip()) return;
  // The page stays as it is, with whatever was typed in it: only the line above it changes.
  event.preventDefault();
  event.stopPropagation();
  const data = new FormData(form, event.submitter);
  dialog()?.close();
  await fetch(form.action, { method: "POST", body: data, headers: { "X-Region": "1" } }).catch(() => undefined);
  const regions = document.querySelectorAll(".helping, .help__call");
  await Promise.all([...regions].map((region) => refresh(/** @type {HTMLElement} */ (region))));
}

document.addEventListener("submit", answer, { capture: true });
document.addEventListener("cancel", (event) => event.target === dialog() && event.preventDefault(), { capture: true });
document.addEventListener("region:refreshed", look);
document.addEventListener("kiosk:screen", () => {
  following = "";
  look();
});
look();
