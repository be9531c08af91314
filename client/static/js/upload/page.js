// The upload page: a picture goes to the server, and its characters come back with boxes to check.

import "../common/page.js";
import { describeError, postForm } from "../api.js";
import { find, getChoice } from "../parts/dom.js";
import { formatMegabytes } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { createPicture } from "./picture.js";
import { showRows } from "./rows.js";
import { listenForPictures } from "./sources.js";

// The server refuses larger files. It may do so before it has read the body; then the browser only reports a broken
// connection, so the reason is given here.
const MAX_BYTES = 16 * 1024 * 1024;

/** @typedef {import("../../../types/api").Uploaded} Uploaded */

const page = find(".upload", HTMLElement);
const alphabets = find(".upload-alphabet", HTMLFieldSetElement);
const problem = find("[data-testid=upload-error]", HTMLElement);
const status = find(".upload-status", HTMLElement);
const text = find("[data-testid=text]", HTMLElement);
const again = find(".upload-again", HTMLButtonElement);
const rows = find(".upload-characters", HTMLElement);
const picture = createPicture(find("[data-testid=preview]", HTMLElement));

/** @type {{ file: File, alphabet: string } | null} */
let latest = null;

/** @param {"idle" | "reading" | "read" | "blank" | "refused"} state */
function setState(state) {
  page.dataset.state = state;
  page.setAttribute("aria-busy", String(state === "reading"));
}

/** @param {File} file */
async function read(file) {
  const upload = (latest = { file, alphabet: getChoice(alphabets) });
  problem.hidden = true;
  again.hidden = true;
  rows.replaceChildren();
  text.textContent = "";
  picture.show(file);
  setState("reading");
  status.textContent = t("picture.reading");
  try {
    const uploaded = await send(upload);
    if (upload === latest) show(uploaded, upload.alphabet);
  } catch (error) {
    if (upload !== latest) return;
    problem.textContent = describeError(error);
    problem.hidden = false;
    status.textContent = "";
    setState("refused");
  }
}

/**
 * @param {{ file: File, alphabet: string }} upload
 * @returns {Promise<Uploaded>}
 */
async function send({ file, alphabet }) {
  if (file.size > MAX_BYTES) {
    throw new Error(t("picture.too_large", { size: formatMegabytes(file.size), limit: formatMegabytes(MAX_BYTES) }));
  }
  const form = new FormData();
  form.append("image", file);
  form.append("alphabet", alphabet);
  return postForm("/api/upload", form);
}

/**
 * @param {Uploaded} uploaded
 * @param {string} alphabet
 */
function show(uploaded, alphabet) {
  const count = uploaded.characters.length;
  if (count === 0) {
    status.textContent = t("picture.blank");
    setState("blank");
    return;
  }
  status.textContent = t("picture.found", { count });
  text.textContent = uploaded.text;
  picture.mark(uploaded);
  showRows(rows, uploaded, picture, alphabet);
  setState("read");
}

alphabets.addEventListener("change", () => {
  again.hidden = latest === null || latest.alphabet === getChoice(alphabets);
});
again.addEventListener("click", () => {
  if (latest) read(latest.file);
});
listenForPictures(read);
