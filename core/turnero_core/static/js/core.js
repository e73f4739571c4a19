/**
 * What every page starts: theme toggles, dialogs, live connection (data-live-url on the body),
 * live regions and the inactivity timer. Importing it twice is harmless.
 */
import { followConfiguration } from "./configuration.js";
import { startDialogs } from "./dialog.js";
import { watchIdleByMarkup } from "./idle.js";
import { connect } from "./live.js";
import { watch } from "./region.js";
import { startTheme } from "./theme.js";

startTheme();
startDialogs();
followConfiguration();
watch();
watchIdleByMarkup();
document.body.addEventListener("htmx:load", () => watch());

/** The page's live connection, if its body names one. */
export const live = document.body.dataset.liveUrl ? connect(document.body.dataset.liveUrl) : undefined;
