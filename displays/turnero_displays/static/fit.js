/**
 * Text that always fits its place: `data-fit="line"` shrinks on one line; `data-fit="words"` shrinks
 * a little, then takes two lines. The style sheet multiplies its size by --fit.
 */
const LINE = [1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46, 0.4, 0.34, 0.28, 0.22];
const WORDS_ON_ONE_LINE = 0.76;
const SLACK_PX = 1;

/** @param {Element} element */
const fits = (element) =>
  element.scrollWidth <= element.clientWidth + SLACK_PX &&
  (!element.hasAttribute("data-wrapped") || element.scrollHeight <= element.clientHeight + SLACK_PX);

/**
 * @param {HTMLElement} element
 * @param {number} size
 * @param {boolean} wrapped
 */
function set(element, size, wrapped) {
  element.toggleAttribute("data-wrapped", wrapped);
  element.style.setProperty("--fit", String(size));
}

/** @param {HTMLElement} element */
function fitOne(element) {
  const mayWrap = element.dataset.fit === "words";
  for (const size of LINE) {
    if (mayWrap && size < WORDS_ON_ONE_LINE) break;
    set(element, size, false);
    if (fits(element)) return;
  }
  for (const size of mayWrap ? LINE : []) {
    set(element, size, true);
    if (fits(element)) return;
  }
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
  document.addEventListener("region:refreshed", (event) => fit(/** @type {Element} */ (event.target)));
}
