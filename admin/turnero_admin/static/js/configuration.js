/** The configuration's pages: lists put in order by dragging, rows and ways of a form, the week. */
import { startOrders } from "./order.js";
import { startRows } from "./rows.js";
import { startWays } from "./ways.js";
import { startWeek } from "./week.js";

/** Leaving with something unsaved is asked about by the browser. */
function watchForm(/** @type {HTMLFormElement} */ form) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

/** The first field with an error has the keyboard. */
function showFirstError() {
  const wrong = document.querySelector('main [aria-invalid="true"]');
  if (!(wrong instanceof HTMLElement)) return;
  const hidden = wrong.closest("details");
  if (hidden) hidden.open = true;
  wrong.focus();
}

for (const form of document.querySelectorAll("form[data-form]")) {
  watchForm(/** @type {HTMLFormElement} */ (form));
}
startOrders();
startRows();
startWays();
startWeek();
showFirstError();
