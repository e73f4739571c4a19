/**
 * The calendar: arrows turn the day (or week), T goes to today, and a page that prints itself.
 */

/** @param {EventTarget | null} target */
function isWriting(target) {
  return target instanceof Element && target.closest("input, select, textarea, dialog, [tabindex='0']") !== null;
}

/** @param {KeyboardEvent} event */
function turn(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || isWriting(event.target)) return;
  // One letter alone may be switched off, for who speaks to the machine.
  const letter = event.key.length === 1;
  if (letter && document.body.dataset.shortcuts === "off") return;
  const key = letter ? event.key.toLowerCase() : event.key;
  const link = document.querySelector(`[data-turn="${CSS.escape(key)}"]`);
  if (!(link instanceof HTMLElement)) return;
  event.preventDefault();
  link.click();
}

document.addEventListener("keydown", turn);
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print-page]")) window.print();
});
document.documentElement.dataset.calendar = "ready";
