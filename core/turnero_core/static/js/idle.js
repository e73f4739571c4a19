/**
 * Inactivity: after `after` seconds without a touch a warning counts down `warn` seconds, then
 * `onExpire` runs once. Any touch or key resets it; mere pointer movement does not.
 */
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"];

/**
 * @typedef {object} IdleOptions
 * @property {number} after seconds of quiet before the warning
 * @property {number} [warn] seconds the warning lasts; 0 for none
 * @property {(left: number) => void} [onTick] every second of the warning, and at its start
 * @property {() => void} [onStay] someone is there after all
 * @property {() => void} onExpire
 */

/**
 * @param {IdleOptions} options
 * @returns {{reset: () => void, stop: () => void}}
 */
export function watchIdle({ after, warn = 15, onTick, onStay, onExpire }) {
  let quietSince = Date.now();
  let warned = false;
  const reset = () => {
    quietSince = Date.now();
    if (warned) onStay?.();
    warned = false;
  };
  // Judged by the clock, not by counted ticks: a machine that slept expires when it wakes.
  const tick = () => {
    const quiet = (Date.now() - quietSince) / 1000;
    if (quiet >= after + warn) {
      stop();
      onExpire();
    } else if (quiet >= after) {
      warned = true;
      onTick?.(Math.ceil(after + warn - quiet));
    }
  };
  const timer = setInterval(tick, 250);
  const stop = () => {
    clearInterval(timer);
    for (const sign of SIGNS) document.removeEventListener(sign, reset);
  };
  for (const sign of SIGNS) document.addEventListener(sign, reset, { passive: true });
  return { reset, stop };
}

/**
 * Idle watching by markup: `data-idle-after`, `data-idle-warn` (seconds) and `data-idle-url` on the
 * body; an optional <dialog id="idle-dialog"> with [data-idle-count] is the warning.
 * @param {HTMLElement} [body]
 */
export function watchIdleByMarkup(body = document.body) {
  const { idleAfter, idleWarn, idleUrl } = body.dataset;
  if (!idleAfter) return undefined;
  const found = document.getElementById("idle-dialog");
  const dialog = found instanceof HTMLDialogElement ? found : undefined;
  const count = dialog?.querySelector("[data-idle-count]");
  return watchIdle({
    after: Number(idleAfter),
    warn: Number(idleWarn ?? 15),
    onTick: (left) => {
      if (count) count.textContent = String(left);
      if (dialog && !dialog.open) dialog.showModal();
    },
    onStay: () => dialog?.close(),
    onExpire: () => location.assign(idleUrl ?? location.href),
  });
}
