/**
 * Theme and contrast, kept in cookies so that the server can paint the first page right.
 * Buttons: data-theme-toggle, data-contrast-toggle, data-preferences-reset.
 */
const YEAR_S = 31_536_000;
const root = document.documentElement;

/**
 * @param {"theme" | "contrast"} name
 * @param {string} value "" forgets the choice
 */
function keep(name, value) {
  const life = value ? YEAR_S : 0;
  document.cookie = `${name}=${value}; path=/; max-age=${life}; SameSite=Lax`;
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  paint();
  document.dispatchEvent(new CustomEvent("theme:changed", { detail: { name, value } }));
}

/** @param {string} query */
const prefers = (query) => window.matchMedia(query).matches;

export const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : prefers("(prefers-color-scheme: dark)");

export const isHighContrast = () =>
  root.dataset.contrast ? root.dataset.contrast === "high" : prefers("(prefers-contrast: more)");

/** @param {"light" | "dark" | ""} value "" follows the system */
export const setTheme = (value) => keep("theme", value);

/** @param {"high" | "normal" | ""} value "" follows the system */
export const setContrast = (value) => keep("contrast", value);

/** For a machine that many people use: the next person starts afresh. */
export function resetPreferences() {
  setTheme("");
  setContrast("");
}

/** Tells the toggles which way they stand. */
function paint() {
  for (const [selector, on] of /** @type {[string, boolean][]} */ ([
    ["[data-theme-toggle]", isDark()],
    ["[data-contrast-toggle]", isHighContrast()],
  ])) {
    for (const button of document.querySelectorAll(selector)) {
      button.setAttribute("aria-pressed", String(on));
    }
  }
}

export function startTheme() {
  paint();
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-theme-toggle]")) setTheme(isDark() ? "light" : "dark");
    if (target?.closest("[data-contrast-toggle]")) setContrast(isHighContrast() ? "normal" : "high");
    if (target?.closest("[data-preferences-reset]")) resetPreferences();
  });
}
