/**
 * The kiosk's page as whoever helps sees it. Nothing in it works by itself: a link that is touched
 * is told to the page around it, which asks the kiosk to go there; anything else belongs to the
 * citizen.
 */
/** @param {Event} event */
function touched(event) {
  event.preventDefault();
  event.stopPropagation();
  const target = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(target instanceof HTMLAnchorElement) || target.origin !== location.origin) return;
  parent.postMessage({ turneroLead: target.pathname + target.search }, location.origin);
}

for (const name of ["click", "submit"]) document.addEventListener(name, touched, { capture: true });
for (const control of document.querySelectorAll("button, input, select, textarea")) {
  control.setAttribute("disabled", "");
}
