/** The booking on a phone or a computer: it works without, and is calmer with it. */
import { startCountdowns } from "./countdown.js";

startCountdowns();

/* One press is one booking. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    if (form instanceof HTMLElement) delete form.dataset.sent;
  }
});
