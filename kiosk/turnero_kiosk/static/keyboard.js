/**
 * The touchscreen's keyboard. It serves the fields with data-keyboard="text", "number", "email" or
 * "code" and lives in the page's [data-keyboard-place], whose data-label-* name the keys that are
 * no letters. Fields keep the focus and stay typable with a real keyboard.
 */
import { SimpleKeyboard } from "/static/vendor/simple-keyboard.js";

const LETTERS = ["q w e r t y u i o p", "a s d f g h j k l ñ", "{shift} z x c v b n m {bksp}"];
const LAYOUT = {
  text: ["1 2 3 4 5 6 7 8 9 0", ...LETTERS, "á é í ó ú ã ç - '", "{space} {done}"],
  email: ["1 2 3 4 5 6 7 8 9 0", ...LETTERS, "@ . _ - + .com", "{done}"],
  code: ["1 2 3 4 5 6 7 8 9 0", ...LETTERS, "{done}"],
  number: ["1 2 3", "4 5 6", "7 8 9", "{bksp} 0 {done}"],
};
/** @param {string} key */
const capital = (key) => (key.length === 1 ? key.toUpperCase() : key);
/** @param {string[]} rows */
const capitals = (rows) => rows.map((row) => row.split(" ").map(capital).join(" "));

/** @type {HTMLInputElement | null} */
let field = null;
/** @type {SimpleKeyboard | null} */
let keyboard = null;
let kind = "text";
let shifted = false;

const place = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-keyboard-place]"));

/** @param {number} back how many letters before the caret go @param {string} text what comes */
function type(back, text) {
  if (!field) return;
  // Fields of these types do not tell where their caret is.
  const known = !["email", "number"].includes(field.type);
  const end = known ? (field.selectionEnd ?? field.value.length) : field.value.length;
  const start = known ? (field.selectionStart ?? end) : end;
  const from = start === end ? Math.max(0, start - back) : start;
  const value = field.value.slice(0, from) + text + field.value.slice(end);
  if (field.maxLength >= 0 && value.length > field.maxLength) return;
  field.value = value;
  if (known) field.setSelectionRange(from + text.length, from + text.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** To the next field that is still empty, or away with the keyboard. */
function done() {
  const fields = [...document.querySelectorAll("input[data-keyboard]")];
  const next = fields.slice(fields.indexOf(/** @type {Element} */ (field)) + 1)[0];
  if (next instanceof HTMLInputElement) next.focus();
  else hide();
}

/** @param {string} key */
function pressed(key) {
  if (key === "{done}") done();
  else if (key === "{bksp}") type(1, "");
  else if (key === "{space}") type(0, " ");
  else if (key === "{shift}") shift(!shifted);
  else {
    type(0, key);
    if (shifted) shift(false);
  }
}

/** @param {boolean} on */
function shift(on) {
  shifted = on;
  keyboard?.setOptions({ layoutName: on ? "shift" : "default" });
}

/** @param {DOMStringMap} labels */
function options(labels) {
  const rows = LAYOUT[/** @type {keyof typeof LAYOUT} */ (kind)] ?? LAYOUT.text;
  const shown = { "{bksp}": "⌫", "{shift}": "⇧", "{space}": labels.labelSpace ?? " " };
  const named = [
    ["{bksp}", labels.labelDelete],
    ["{shift}", labels.labelCapitals],
  ];
  return {
    layout: { default: rows, shift: capitals(rows) },
    layoutName: "default",
    display: { ...shown, "{done}": labels.labelDone ?? "OK" },
    mergeDisplay: true,
    useButtonTag: true,
    preventMouseDownDefault: true,
    disableButtonHold: false,
    buttonAttributes: named.map(([buttons, value]) => ({ attribute: "aria-label", value, buttons })),
    theme: `keyboard keyboard--${kind}`,
    onKeyPress: pressed,
  };
}

/** @param {HTMLInputElement} input */
function show(input) {
  const box = place();
  if (!box || (input === field && box.firstElementChild)) return;
  field = input;
  kind = input.dataset.keyboard || "text";
  shifted = false;
  hide(false);
  box.append(Object.assign(document.createElement("div"), { className: "keyboard-keys" }));
  box.hidden = false;
  keyboard = new SimpleKeyboard(/** @type {HTMLElement} */ (box.firstElementChild), options(box.dataset));
  input.scrollIntoView({ block: "nearest" });
}

function hide(forget = true) {
  const box = place();
  keyboard?.destroy();
  keyboard = null;
  if (forget) field = null;
  if (!box) return;
  box.replaceChildren();
  box.hidden = true;
}

let started = false;

/** Serves the screen that is shown now, and listens from then on for the fields of the others. */
export function startKeyboard() {
  if (keyboard && !place()?.firstElementChild) hide();
  const focused = document.activeElement;
  if (focused instanceof HTMLInputElement && focused.dataset.keyboard !== undefined) show(focused);
  if (started) return;
  started = true;
  document.addEventListener("focusin", (event) => {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.dataset.keyboard !== undefined) show(target);
  });
}
