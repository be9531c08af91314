// The upload page: a picture goes to the server, its characters come back with boxes to check.

import { postForm } from "../api.js";
import { find, sentence } from "../parts/page.js";
import { showCharacters } from "./characters.js";
import { createPicture } from "./picture.js";
import { listen } from "./sources.js";

// The server refuses more. It may do so before it has read the body, and the browser then reports a broken
// connection instead of the reason, so the reason is given here.
const LARGEST_BYTES = 16 * 1024 * 1024;

/**
 * @typedef {object} Character
 * @property {string} round
 * @property {[number, number, number, number]} box x, y, width and height in pixels of the picture
 * @property {string} label
 * @property {number} confidence
 * @property {boolean} sure whether it looks like a character that is known
 * @property {import("../parts/candidates.js").Candidate[]} candidates
 * @property {string} image data URI of the 28×28 picture the model saw
 *
 * @typedef {object} Reading
 * @property {number} width
 * @property {number} height
 * @property {string} text
 * @property {Character[]} characters
 */

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
function go(state) {
  page.dataset.state = state;
  page.setAttribute("aria-busy", String(state === "reading"));
}

/** @param {File} file */
async function read(file) {
  const asked = (latest = { file, alphabet: alphabet() });
  problem.hidden = true;
  again.hidden = true;
  rows.replaceChildren();
  text.textContent = "";
  picture.show(file);
  go("reading");
  status.textContent = "Reading your picture…";
  try {
    if (file.size > LARGEST_BYTES) {
      throw new Error(`This picture has ${megabytes(file.size)}. Please choose one of at most 16 MB.`);
    }
    const form = new FormData();
    form.append("image", file);
    form.append("alphabet", asked.alphabet);
    /** @type {Reading} */
    const reading = await postForm("/api/upload", form);
    if (asked === latest) show(reading, asked.alphabet);
  } catch (error) {
    if (asked !== latest) return;
    problem.textContent = sentence(error);
    problem.hidden = false;
    status.textContent = "";
    go("refused");
  }
}

/**
 * @param {Reading} reading
 * @param {string} alphabet
 */
function show(reading, alphabet) {
  const count = reading.characters.length;
  if (count === 0) {
    status.textContent = "I see no ink on this picture. A darker pen, more light or a closer photo may help.";
    go("blank");
    return;
  }
  status.textContent = count === 1 ? "I found one character." : `I found ${count} characters.`;
  text.textContent = reading.text;
  picture.mark(reading);
  showCharacters(rows, reading, picture, alphabet);
  go("read");
}

/** @returns {string} */
function alphabet() {
  return find("input:checked", HTMLInputElement, alphabets).value;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.ceil(bytes / (1024 * 1024))} MB`;
}

alphabets.addEventListener("change", () => {
  again.hidden = latest === null || latest.alphabet === alphabet();
});
again.addEventListener("click", () => {
  if (latest) read(latest.file);
});
listen(read);
