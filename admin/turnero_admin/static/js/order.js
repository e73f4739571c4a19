/**
 * Lists that are put in order by dragging a row's handle; the form is sent when it is let go.
 * By keyboard the row's own buttons do the same, one step at a time.
 */

/**
 * The row before which something at height `y` belongs; null at the end.
 * @param {HTMLElement} list
 * @param {HTMLElement} moving
 * @param {number} y
 */
function following(list, moving, y) {
  for (const row of list.querySelectorAll("[data-order-item]")) {
    if (row === moving) continue;
    const { top, height } = row.getBoundingClientRect();
    if (y < top + height / 2) return row;
  }
  return null;
}

/** @param {HTMLFormElement} form */
function start(form) {
  const list = /** @type {HTMLElement} */ (form.querySelector("[data-order-list]"));
  /** @type {HTMLElement | null} */
  let moving = null;
  let before = "";
  const order = () => [...list.children].map((row) => row.querySelector("input[name=code]")?.getAttribute("value")).join(" ");

  list.addEventListener("pointerdown", (event) => {
    const handle = event.target instanceof Element ? event.target.closest("[data-order-handle]") : null;
    const row = handle?.closest("[data-order-item]");
    if (!(handle instanceof HTMLElement) || !(row instanceof HTMLElement)) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    moving = row;
    before = order();
    row.dataset.moving = "";
  });
  list.addEventListener("pointermove", (event) => {
    if (moving) list.insertBefore(moving, following(list, moving, event.clientY));
  });
  const end = () => {
    if (!moving) return;
    delete moving.dataset.moving;
    moving = null;
    if (order() !== before) form.requestSubmit();
  };
  list.addEventListener("pointerup", end);
  list.addEventListener("pointercancel", end);
}

export function startOrders() {
  for (const form of document.querySelectorAll("form[data-order]")) start(/** @type {HTMLFormElement} */ (form));
}
