/**
 * Text that always fits its place: `data-fit="line"` shrinks on one line; `data-fit="words"` shrinks
 * a little, then takes two lines. The style sheet multiplies its size by --fit.
 */
const SIZES = [1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46, 0.4, 0.34, 0.28, 0.22];
const GOOD_ON_ONE_LINE = 0.76;
const SLACK_PX = 1;
// Letters reach a little below the box of their last line.
const SLACK_EM = 0.12;

/** @param {HTMLElement} element */
function fits(element) {
  if (element.scrollWidth > element.clientWidth + SLACK_PX) return false;
  const slack = SLACK_EM * Number.parseFloat(getComputedStyle(element).fontSize);
  return !element.hasAttribute("data-wrapped") || element.scrollHeight < element.clientHeight + slack;
}

/**
 * @param {HTMLElement} element
 * @param {number} size
 * @param {boolean} wrapped
 */
function set(element, size, wrapped) {
  element.toggleAttribute("data-wrapped", wrapped);
  element.style.setProperty("--fit", String(size));
}

/**
 * The largest size that fits, which the element then has.
 * @param {HTMLElement} element
 * @param {boolean} wrapped
 */
function largest(element, wrapped) {
  for (const size of SIZES) {
    set(element, size, wrapped);
    if (fits(element)) return size;
  }
  return 0;
}

/** @param {HTMLElement} element */
function fitOne(element) {
  const onOneLine = largest(element, false);
  if (element.dataset.fit !== "words" || onOneLine >= GOOD_ON_ONE_LINE) return;
  if (largest(element, true) <= onOneLine) set(element, onOneLine, false);
}

/** @param {ParentNode} [root] */
export function fit(root = document) {
  for (const element of root.querySelectorAll("[data-fit]")) {
    fitOne(/** @type {HTMLElement} */ (element));
  }
}

/** Again whenever the place or the letters change. */
export function keepFitting() {
  fit();
  window.addEventListener("resize", () => fit());
  document.fonts.addEventListener("loadingdone", () => fit());
  for (const name of ["connected", "lost"]) {
    document.addEventListener(`live:${name}`, () => requestAnimationFrame(() => fit()));
  }
  document.addEventListener("region:refreshed", (event) => fit(/** @type {Element} */ (event.target)));
}
