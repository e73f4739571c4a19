/**
 * Live previews: what is being written in the form of `data-preview-form` is shown in every
 * `data-preview` (an address) a moment after the last key. An image gets a picture and its text,
 * a frame a whole page, anything else its contents.
 */
const WAIT_MS = 350;
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-preview-form]"));
let asked = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * @param {Element} place
 * @param {Response} answer
 */
async function show(place, answer) {
  if (place instanceof HTMLImageElement) {
    const { picture, text } = await answer.json();
    place.src = picture;
    place.alt = text;
  } else if (place instanceof HTMLIFrameElement) {
    place.srcdoc = await answer.text();
  } else {
    place.innerHTML = await answer.text();
  }
}

async function refresh() {
  const mine = ++asked;
  for (const place of document.querySelectorAll("[data-preview]")) {
    if (!form || mine !== asked) return;
    const body = new FormData(form);
    for (const file of form.querySelectorAll("input[type=file]")) {
      body.delete(file.getAttribute("name") ?? "");
    }
    try {
      const answer = await fetch(place.getAttribute("data-preview") ?? "", { method: "POST", body });
      if (answer.ok && mine === asked) await show(place, answer);
    } catch {
      // The preview stays as it was; the form itself is as good as before.
    }
  }
  document.body.dataset.previewed = String(mine);
}

/** The two fields of one colour go together. @param {Event} event */
function pair(event) {
  const field = event.target;
  if (!(field instanceof HTMLInputElement)) return;
  const twin = document.querySelector(`[data-twin="${CSS.escape(field.id)}"]`);
  const other = twin ?? (field.dataset.twin && document.getElementById(field.dataset.twin));
  if (other instanceof HTMLInputElement && /^#[0-9a-f]{6}$/i.test(field.value)) other.value = field.value;
}

for (const kind of ["input", "change"]) {
  form?.addEventListener(kind, (event) => {
    pair(event);
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT_MS);
  });
}
