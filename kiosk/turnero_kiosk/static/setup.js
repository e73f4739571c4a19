/** The page of a machine that waits for its approval, and of one that is out of service. */
const ASK_MS = 1_500;
const LOOK_MS = 10_000;

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const box = document.querySelector("[data-collect], [data-look-again]");
const state = box?.querySelector("[data-state]");
const words = box?.querySelector("[data-state-words]");
const waiting = words?.textContent ?? "";

/** @param {string} [text] */
function say(text) {
  if (words && text && words.textContent !== text) words.textContent = text;
}

/**
 * @param {string} url
 * @param {string} token
 */
async function collect(url, token) {
  for (;;) {
    const response = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => undefined);
    if (response?.status === 200) return location.replace((await response.json()).home);
    if (response?.status === 410 || response?.status === 400) return over();
    say(response?.status === 202 ? waiting : state instanceof HTMLElement ? state.dataset.lost : "");
    await wait(ASK_MS);
  }
}

function over() {
  say(state instanceof HTMLElement ? state.dataset.over : "");
  const again = box?.querySelector("[data-again]");
  if (again instanceof HTMLElement) again.hidden = false;
}

/** @param {string} url */
async function lookAgain(url) {
  for (;;) {
    await wait(LOOK_MS);
    const response = await fetch(url, { cache: "no-store" }).catch(() => undefined);
    if (response?.ok) return location.replace(url);
  }
}

if (box instanceof HTMLElement && box.dataset.collect) collect(box.dataset.collect, box.dataset.token ?? "");
if (box instanceof HTMLElement && box.dataset.lookAgain) lookAgain(box.dataset.lookAgain);
