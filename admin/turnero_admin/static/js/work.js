/**
 * Notes and results of the person at the desk. They are typed in, so they stay as they are while
 * the rest of the console is fetched again, and are replaced when the person is another one. What
 * has not reached the server yet is kept in this tab, and so outlives a session that ended.
 */
const DRAFT = "turnero-notes-";

const work = () => /** @type {HTMLElement} */ (document.getElementById("work"));
const notes = () => /** @type {HTMLTextAreaElement | null} */ (document.getElementById("notes"));
const state = () => document.getElementById("notes-state");

/** The ticket that the written part is about; "" for none. */
export function writtenAbout() {
  const form = work().querySelector("[data-person]");
  return form instanceof HTMLElement ? (form.dataset.person ?? "") : "";
}

/** The ticket that is at the desk; "" for none. */
function atDesk() {
  const panel = document.querySelector("#console [data-person]");
  return panel instanceof HTMLElement ? (panel.dataset.person ?? "") : "";
}

/** Fetches the written part when somebody else is at the desk than it is about. */
async function follow() {
  if (writtenAbout() === atDesk()) return;
  work().inert = true;
  try {
    const response = await fetch(work().dataset.workUrl ?? "", { headers: { "X-Region": "1" } });
    if (response.status === 401) location.reload();
    const html = response.ok ? await response.text() : "";
    if (response.ok && writtenAbout() !== atDesk()) show(html);
  } catch {
    // Out of reach: the next refresh of the console follows again.
  } finally {
    work().inert = false;
  }
}

/** @param {string} html */
function show(html) {
  work().innerHTML = html;
  window.htmx?.process(work());
  restore();
}

/** Puts back what had not been saved about this person. */
function restore() {
  const field = notes();
  const draft = sessionStorage.getItem(DRAFT + writtenAbout());
  if (!field || draft === null || draft === field.value) return;
  field.value = draft;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function keepDraft() {
  const field = notes();
  if (field) sessionStorage.setItem(DRAFT + writtenAbout(), field.value);
}

/** @param {CustomEvent} event */
function saved(event) {
  const { successful, requestConfig } = event.detail;
  const sent = requestConfig.formData.get("notes");
  const about = requestConfig.formData.get("about");
  if (sent === null || about === null) return;
  const isDraft = sessionStorage.getItem(DRAFT + about) === sent.replaceAll("\r\n", "\n");
  if (successful && isDraft) sessionStorage.removeItem(DRAFT + about);
  const line = state();
  if (!successful && event.detail.elt.id === "notes" && line) {
    line.textContent = line.dataset.unsaved ?? "";
  }
}

export function startWork() {
  // By then htmx listens, so that what is put back is also sent.
  window.addEventListener("load", restore);
  document.addEventListener("input", (event) => event.target === notes() && keepDraft());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === notes()) notes()?.blur();
  });
  document.addEventListener("region:refreshed", () => follow());
  document.addEventListener("htmx:afterSettle", () => follow());
  document.body.addEventListener("htmx:afterRequest", (event) =>
    saved(/** @type {CustomEvent} */ (event)),
  );
}
