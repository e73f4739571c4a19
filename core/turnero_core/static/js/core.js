/**
 * What every page starts: theme toggles, dialogs, live connection (data-live-url on the body),
 * live regions and the inactivity timer. Importing it twice is harmless.
 */
import { followConfiguration } from "./configuration.js";
import { watchIdleByMarkup } from "./idle.js";
import { connect } from "./live.js";
import { watch } from "./region.js";
import { startTheme } from "./theme.js";

/** @param {string | undefined} id */
function openDialog(id) {
  const dialog = id ? document.getElementById(id) : null;
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

function startDialogs() {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest("[data-dialog-open]");
    if (opener instanceof HTMLElement) openDialog(opener.dataset.dialogOpen);
    if (target?.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  });
}

startTheme();
startDialogs();
followConfiguration();
watch();
watchIdleByMarkup();
document.body.addEventListener("htmx:load", () => watch());

/** The page's live connection, if its body names one. */
export const live = document.body.dataset.liveUrl ? connect(document.body.dataset.liveUrl) : undefined;
