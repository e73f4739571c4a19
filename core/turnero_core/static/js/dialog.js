/** Dialogs over a live page: whoever opened one finds the focus where it was once it closes. */
import { selectorOf } from "./region.js";

/**
 * Opens a dialog. A live region may renew itself meanwhile and take with it the element that the
 * browser would give the focus back to: then its successor gets it.
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} opener
 */
export function openDialog(dialog, opener) {
  if (dialog.open) return;
  const again = selectorOf(opener);
  const giveBack = () => {
    const lost = !document.activeElement || document.activeElement === document.body;
    if (again && lost) /** @type {HTMLElement | null} */ (document.querySelector(again))?.focus({ preventScroll: true });
  };
  dialog.addEventListener("close", giveBack, { once: true });
  dialog.showModal();
}

/** Elements with data-dialog-open="ID" open that dialog, and those with data-dialog-close theirs. */
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest("[data-dialog-open]");
    const dialog = document.getElementById((opener instanceof HTMLElement && opener.dataset.dialogOpen) || "");
    if (opener instanceof HTMLElement && dialog instanceof HTMLDialogElement) openDialog(dialog, opener);
    if (target?.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  });
}
