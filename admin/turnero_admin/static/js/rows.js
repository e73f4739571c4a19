/** Rows of a form that are added, removed and moved: requirements, closures. */

/** @param {Element} row */
function empty(row) {
  for (const field of row.querySelectorAll("input, textarea, select")) {
    if (field instanceof HTMLSelectElement) field.selectedIndex = 0;
    else /** @type {HTMLInputElement} */ (field).value = "";
    field.removeAttribute("aria-invalid");
  }
  for (const error of row.querySelectorAll(".field__error, .badge")) error.remove();
}

/** Ids, and what points at them, made the copy's own. */
function renumber(/** @type {Element} */ row, /** @type {number} */ number) {
  for (const element of row.querySelectorAll("[id]")) element.id = `${element.id}-r${number}`;
  for (const label of row.querySelectorAll("label[for]")) label.setAttribute("for", `${label.getAttribute("for")}-r${number}`);
  for (const field of row.querySelectorAll("[aria-describedby]")) field.removeAttribute("aria-describedby");
}

/** @param {Element} list */
function add(list) {
  const last = list.lastElementChild;
  if (!last) return;
  const row = /** @type {Element} */ (last.cloneNode(true));
  renumber(row, list.children.length + 1);
  empty(row);
  list.append(row);
  row.querySelector("input, textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
  /** @type {HTMLElement | null} */ (row.querySelector("input, textarea"))?.focus();
}

/** @param {Element} row */
function remove(row) {
  const list = row.parentElement;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.querySelector("input, textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
  if (!next || !list) return empty(row);
  row.remove();
  /** @type {HTMLElement | null} */ (next.querySelector("[data-row-remove]"))?.focus();
}

/** @param {Event} event */
function click(event) {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest("button");
  const row = button?.closest("[data-row]");
  if (button?.matches("[data-rows-add]")) {
    const list = button.closest("[data-rows]")?.querySelector("[data-rows-list]");
    if (list) add(list);
  }
  if (!row || !button) return;
  if (button.matches("[data-row-remove]")) remove(row);
  if (button.matches("[data-row-up]") && row.previousElementSibling) row.previousElementSibling.before(row);
  if (button.matches("[data-row-down]") && row.nextElementSibling) row.nextElementSibling.after(row);
  if (button.matches("[data-row-up], [data-row-down]")) {
    row.querySelector("input, textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
    button.focus();
  }
}

export function startRows() {
  for (const rows of document.querySelectorAll("[data-rows]")) rows.addEventListener("click", click);
}
