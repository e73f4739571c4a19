/** Lists that scroll inside a part that is fetched again stay where they were: data-scroll="name". */

/** @type {Map<string, number>} */
const tops = new Map();

/** @param {Event} event */
function remember(event) {
  const list = event.target;
  if (list instanceof HTMLElement && list.dataset.scroll) tops.set(list.dataset.scroll, list.scrollTop);
}

function restore() {
  for (const list of document.querySelectorAll("[data-scroll]")) {
    list.scrollTop = tops.get(/** @type {HTMLElement} */ (list).dataset.scroll ?? "") ?? 0;
  }
}

export function startScroll() {
  document.addEventListener("scroll", remember, true);
  document.addEventListener("region:refreshed", restore);
  document.addEventListener("htmx:afterSettle", restore);
}
