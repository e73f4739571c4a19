/** The week of opening hours: more openings in a day, one day's copied to others. */
let made = 100;

/**
 * @param {Element} span
 * @param {string} day
 */
function copyFor(span, day) {
  const copy = /** @type {Element} */ (span.cloneNode(true));
  made += 1;
  for (const input of copy.querySelectorAll("input")) {
    const end = input.name.split(".")[1];
    const label = copy.querySelector(`label[for="${input.id}"]`);
    input.name = `${day}.${end}`;
    input.id = `${day}-${made}-${end}`;
    input.removeAttribute("aria-invalid");
    label?.setAttribute("for", input.id);
    const name = document.querySelector(`[data-day="${day}"] legend`)?.textContent ?? day;
    const own = span.closest("[data-day]")?.querySelector("legend")?.textContent ?? "";
    if (label && own) label.textContent = (label.textContent ?? "").replace(own, name);
  }
  return copy;
}

/** @param {Element} day */
function add(day) {
  const spans = day.querySelector("[data-spans]");
  const last = spans?.querySelector("[data-span]:last-of-type") ?? spans?.querySelector("[data-span]");
  if (!spans || !last) return;
  const copy = copyFor(last, /** @type {HTMLElement} */ (day).dataset.day ?? "");
  for (const input of copy.querySelectorAll("input")) input.value = "";
  spans.append(copy);
  copy.querySelector("input")?.focus();
}

/** @param {Element} span */
function remove(span) {
  const day = span.closest("[data-day]");
  if ((day?.querySelectorAll("[data-span]").length ?? 0) > 1) span.remove();
  else for (const input of span.querySelectorAll("input")) input.value = "";
  /** @type {HTMLElement | null} */ (day?.querySelector("[data-span-add]") ?? null)?.focus();
}

/**
 * @param {Element} from
 * @param {string[]} days
 */
function copy(from, days) {
  const spans = [...from.querySelectorAll("[data-span]")];
  for (const day of days) {
    const place = document.querySelector(`[data-day="${day}"] [data-spans]`);
    place?.replaceChildren(...spans.map((span) => copyFor(span, day)));
  }
  // cloneNode copies what the page came with; what was typed since is copied by hand.
  const typed = [...from.querySelectorAll("input")].map((input) => input.value);
  for (const day of days) {
    const inputs = document.querySelectorAll(`[data-day="${day}"] [data-spans] input`);
    inputs.forEach((input, index) => (/** @type {HTMLInputElement} */ (input).value = typed[index]));
  }
}

/** @param {HTMLElement} week */
function start(week) {
  const said = /** @type {HTMLElement | null} */ (week.querySelector("[data-week-said]"));
  week.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const day = button?.closest("[data-day]");
    if (!button || !day) return;
    if (button.matches("[data-span-add]")) add(day);
    if (button.matches("[data-span-remove]")) remove(/** @type {Element} */ (button.closest("[data-span]")));
    if (button.dataset.copy) {
      copy(day, button.dataset.copy.split(" "));
      if (said) said.textContent = said.dataset.said ?? "";
    }
    if (button.matches("[data-span-remove]") || button.dataset.copy) week.dispatchEvent(new Event("input"));
  });
}

export function startWeek() {
  for (const week of document.querySelectorAll("[data-week]")) start(/** @type {HTMLElement} */ (week));
}
