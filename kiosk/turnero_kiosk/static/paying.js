/** A payment moved on while its screen waited: show the screen that is true now. */
document.addEventListener("region:refreshed", (event) => {
  const region = event.target instanceof Element ? event.target : null;
  if (region?.querySelector("[data-moved-on]")) location.reload();
});
