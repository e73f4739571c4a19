/** A form with one of several ways to choose: only what belongs to the way chosen is shown. */

/** `data-way="NAME VALUE …"`: shown while the field NAME has one of these values. */
function show(/** @type {HTMLFormElement} */ form) {
  const given = new FormData(form);
  for (const part of form.querySelectorAll("[data-way]")) {
    const [name, ...values] = (part.getAttribute("data-way") ?? "").split(" ");
    /** @type {HTMLElement} */ (part).hidden = !values.includes(String(given.get(name) ?? ""));
  }
}

export function startWays() {
  for (const part of document.querySelectorAll("[data-way]")) {
    const form = part.closest("form");
    if (!form || form.dataset.ways) continue;
    form.dataset.ways = "on";
    form.addEventListener("change", () => show(form));
    show(form);
  }
}
