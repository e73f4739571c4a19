/**
 * The calendar: arrows turn the day (or week), T goes to today, the table begins at the present
 * hour and stays where one scrolled it, and a page that prints itself.
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

const HEAD_PX = 80;
const table = () => document.querySelector(".agenda");
/** @type {[number, number] | undefined} */
let place;

/** What is going on now, below the desks' names, when the table opens. */
function toNow() {
  const row = document.querySelector(".agenda__now");
  if (row instanceof HTMLElement) table()?.scrollTo(0, Math.max(0, row.offsetTop - HEAD_PX));
}

document.addEventListener("region:arrived", () => {
  const shown = table();
  place = shown ? [shown.scrollLeft, shown.scrollTop] : undefined;
});
document.addEventListener("region:refreshed", () => {
  if (place) table()?.scrollTo(...place);
});
document.addEventListener("keydown", turn);
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print-page]")) window.print();
});
toNow();
document.documentElement.dataset.calendar = "ready";
