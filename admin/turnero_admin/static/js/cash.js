/**
 * The cash desk by keys. data-fkey="F2" is pressed by that key, also while somebody writes; what is
 * typed nowhere goes into the scan field. Sums here are for the eyes only: the server counts.
 */

/** @param {string} text @param {number} places @returns {number | null} minor units */
export function minorOf(text, places) {
  const plain = text.replace(/\s/g, "");
  if (!/^[0-9.,]+$/.test(plain)) return null;
  const parts = plain.split(/[.,]/);
  const last = parts.length > 1 && places > 0 ? (parts.pop() ?? "") : "";
  if (last.length > places || parts.slice(1).some((part) => part.length !== 3)) return null;
  return Number(parts.join("") || "0") * 10 ** places + Number(last.padEnd(places, "0") || "0");
}

/** @param {HTMLElement | null | undefined} place with data-currency, data-places and data-locale */
function moneyOf(place) {
  const places = Number(place?.dataset.places ?? 2);
  const shown = new Intl.NumberFormat(place?.dataset.locale, {
    style: "currency",
    currency: place?.dataset.currency ?? "USD",
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return { places, write: (/** @type {number} */ minor) => shown.format(minor / 10 ** places) };
}

function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (document.querySelector("dialog[open]")) return;
    const target = document.querySelector(`[data-fkey="${CSS.escape(event.key)}"]`);
    if (!(target instanceof HTMLElement) || !target.checkVisibility()) return;
    event.preventDefault();
    target.click();
  });
}

function startScan() {
  const scan = document.querySelector("[data-scan]");
  if (!(scan instanceof HTMLInputElement)) return;
  scan.focus();
  document.addEventListener("keydown", (event) => {
    const inside = event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
    if (inside || document.body.dataset.shortcuts !== "on") return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1 || event.key === " ") return;
    scan.focus();
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target?.closest("a, button, input, summary, dialog, [tabindex]:not(main)")) scan.focus();
  });
}

function startChange() {
  const field = document.querySelector("[data-tendered]");
  const form = field?.closest("form");
  const row = form?.querySelector("[data-change-row]");
  if (!(field instanceof HTMLInputElement) || !form || !(row instanceof HTMLElement)) return;
  const { places, write } = moneyOf(form);
  const due = Number(form.dataset.due);
  const label = row.querySelector("[data-change-label]");
  const figure = row.querySelector("[data-change-live]");
  const told = () => {
    const given = minorOf(field.value, places);
    row.hidden = given === null;
    if (given === null || !(label instanceof HTMLElement) || !figure) return;
    const short = given < due;
    row.classList.toggle("pay__change--short", short);
    label.textContent = (short ? label.dataset.short : label.dataset.enough) ?? "";
    figure.textContent = write(Math.abs(given - due));
  };
  field.addEventListener("input", told);
  const quick = form.querySelector("[data-quick-row]");
  if (quick instanceof HTMLElement) quick.hidden = false;
  quick?.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-quick]") : null;
    if (!(button instanceof HTMLElement)) return;
    field.value = (Number(button.dataset.quick) / 10 ** places).toFixed(places);
    told();
    field.focus();
  });
  told();
}

function startCard() {
  const card = document.querySelector(".pay__card");
  card?.addEventListener("toggle", () => {
    const field = card.querySelector("input:not([type=hidden])");
    if (card instanceof HTMLDetailsElement && card.open && field instanceof HTMLElement) field.focus();
  });
}

/** @param {HTMLElement} box */
function startCoins(box) {
  const sum = box.querySelector("[data-coins-sum]");
  const total = box.querySelector("[data-coins-total]");
  const place = box.closest("[data-currency]");
  const { places, write } = moneyOf(place instanceof HTMLElement ? place : null);
  const added = () => {
    let minor = 0;
    for (const field of box.querySelectorAll("input[data-piece]")) {
      if (field instanceof HTMLInputElement) minor += Number(field.dataset.piece) * (Number.parseInt(field.value, 10) || 0);
    }
    for (const field of box.querySelectorAll("input[data-other]")) {
      const many = field instanceof HTMLInputElement && document.getElementById(field.dataset.other ?? "");
      if (many instanceof HTMLInputElement && field instanceof HTMLInputElement) {
        minor += (minorOf(field.value, places) ?? 0) * (Number.parseInt(many.value, 10) || 0);
      }
    }
    if (sum instanceof HTMLElement) sum.hidden = minor === 0;
    if (total) total.textContent = write(minor);
  };
  box.addEventListener("input", added);
  added();
}

/** A second tap on a form that is on its way sends nothing; a page that comes back may be sent again. */
function startOnce() {
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-once")) return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
  });
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}

startKeys();
startScan();
startChange();
startCard();
for (const box of document.querySelectorAll("[data-coins]")) if (box instanceof HTMLElement) startCoins(box);
startOnce();
document.body.dataset.cash = "ready";
