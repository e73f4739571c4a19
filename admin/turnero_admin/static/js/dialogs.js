/** Dialogs of the console: whom one is about, and closing it once its request was answered. */

/** @param {HTMLElement} button with data-call-url and data-call-code */
function callThis(button) {
  const form = document.getElementById("call-form");
  if (!(form instanceof HTMLFormElement)) return;
  form.reset();
  form.action = button.dataset.callUrl ?? "";
  const number = form.querySelector("[data-call-number]");
  if (number) number.textContent = button.dataset.callCode ?? "";
}

export function startDialogs() {
  // While capturing: the form must be right before the shared module opens the dialog.
  document.addEventListener(
    "click",
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const button = target?.closest("[data-call-url]");
      if (button instanceof HTMLElement) callThis(button);
    },
    true,
  );
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { elt } = /** @type {CustomEvent} */ (event).detail;
    if (elt.id === "call-form") /** @type {CustomEvent} */ (event).detail.path = elt.action;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
    if (xhr.getResponseHeader("X-Console")) elt.closest("dialog")?.close();
  });
}
