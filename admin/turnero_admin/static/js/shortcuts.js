/**
 * One key for each thing to do. An element with data-hotkey="N" is pressed by n, a text area is
 * entered. Keys rest while somebody writes or a dialog is open, and can be turned off (a cookie).
 */
import { refresh } from "/static/js/region.js";

const YEAR_S = 31_536_000;
const QUIET_INPUTS = ["checkbox", "radio", "button", "submit"];

const isOn = () => document.body.dataset.shortcuts === "on";

/** @param {EventTarget | null} target */
function isWriting(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !QUIET_INPUTS.includes(target.type);
  return target.isContentEditable || target.matches("textarea, select");
}

/** @param {string} key */
function find(key) {
  const all = document.querySelectorAll(`[data-hotkey="${CSS.escape(key.toUpperCase())}"]`);
  return /** @type {HTMLElement[]} */ ([...all]).find(
    (element) => !element.matches(":disabled") && element.checkVisibility(),
  );
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (!isOn() || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.repeat || event.isComposing || event.key.length !== 1) return;
  if (isWriting(event.target) || document.querySelector("dialog[open]")) return;
  const element = find(event.key);
  if (!element) return;
  event.preventDefault();
  if (element.matches("textarea")) element.focus();
  else element.click();
}

/** @param {boolean} on */
function turn(on) {
  document.body.dataset.shortcuts = on ? "on" : "off";
  document.cookie = `turnero_shortcuts=${on ? "on" : "off"}; path=/; max-age=${YEAR_S}; SameSite=Lax`;
  // The server writes the keys beside the buttons.
  for (const id of ["console", "queue"]) {
    const region = document.getElementById(id);
    if (region) refresh(region);
  }
}

export function startShortcuts() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.matches("[data-shortcuts-toggle]")) turn(box.checked);
  });
}
