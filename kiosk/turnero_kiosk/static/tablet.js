/** The tablet at a desk: thanks end by themselves, and nothing is replaced under a finger. */
const THANKS_MS = 6_000;
const BEAT_MS = 30_000;

const { tablet = "/tablet", beat = "", csrf = "", thanks } = document.body.dataset;

if (thanks !== undefined) setTimeout(() => location.replace(tablet), THANKS_MS);

document.addEventListener("region:arrived", (event) => {
  if (document.querySelector(".faces__one:active")) event.preventDefault();
});
document.addEventListener("contextmenu", (event) => event.preventDefault());

const tell = () => fetch(beat, { method: "POST", headers: { "X-CSRFToken": csrf } }).catch(() => undefined);
tell();
setInterval(tell, BEAT_MS);
