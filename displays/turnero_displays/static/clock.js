/** The time and date of the office. The screen's own clock may be wrong: the server's sets it. */
const BACK_IN_STEP_MS = 60_000;

/**
 * @param {HTMLTimeElement} time its datetime is the server's present
 * @param {HTMLElement} date
 * @param {string} zone
 * @param {string} lang
 */
export function startClock(time, date, zone, lang) {
  const format = (/** @type {Intl.DateTimeFormatOptions} */ options) =>
    new Intl.DateTimeFormat(lang, { ...options, timeZone: zone });
  const hour = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = format({ weekday: "long", day: "numeric", month: "long" });
  let offset = Date.parse(time.dateTime) - Date.now();

  const write = (/** @type {HTMLElement} */ element, /** @type {string} */ text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const tick = () => {
    write(time, hour.format(Date.now() + offset));
    write(date, day.format(Date.now() + offset));
  };
  // Every renewed connection brings the server's time, so that weeks do not add up to minutes.
  document.addEventListener("live:ready", (event) => {
    const at = Date.parse(/** @type {CustomEvent} */ (event).detail.data?.at);
    if (Math.abs(at - Date.now() - offset) < BACK_IN_STEP_MS) return;
    if (!Number.isNaN(at)) offset = at - Date.now();
  });
  tick();
  setInterval(tick, 1000);
}
