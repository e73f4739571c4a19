/** The desk's console: what the server renders, kept alive under a clerk's hands. */
import { startActions } from "./actions.js";
import { startDialogs } from "./dialogs.js";
import { startScroll } from "./scroll.js";
import { startShortcuts } from "./shortcuts.js";
import { startTimers } from "./timers.js";
import { startWork } from "./work.js";

startTimers();
startWork();
startActions();
startDialogs();
startScroll();
startShortcuts();
document.body.dataset.console = "ready";
