// The upload page: a picture goes to the server, and comes back as a text that can be corrected.

import "../common/page.js";
import { describeError } from "../api.js";
import { find, getChoice } from "../parts/dom.js";
import { formatMegabytes } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { decode, encode } from "./bitmap.js";
import { createEditor } from "./editor.js";
import { createPicture } from "./picture.js";
import { sendPicture } from "./send.js";
import { listenForPictures } from "./sources.js";

// The server refuses larger files. It may do so before it has read the body; then the browser only reports a broken
// connection, so the reason is given here.
const MAX_BYTES = 16 * 1024 * 1024;
const TURN_PAUSE_MS = 700; // a picture that lies on its side the wrong way is turned three times
const PNG_TYPES = ["image/png", "image/gif", "image/bmp", "image/tiff", "image/webp"];
/** What the server reads. A file without a type may be one of them. */
const READ_TYPES = [...PNG_TYPES, "image/jpeg", ""];

/**
 * @typedef {object} Upload
 * @property {File} file
 * @property {string} alphabet
 * @property {import("./bitmap.js").Bitmap | null} bitmap null while the browser cannot show it
 * @property {number} turns quarter turns to the right
 * @property {AbortController} stop
 */

const page = find(".upload", HTMLElement);
const alphabets = find(".upload-alphabet", HTMLFieldSetElement);
const problem = find("[data-testid=upload-error]", HTMLElement);
const status = find(".upload-status", HTMLElement);
const progress = find(".upload-progress", HTMLProgressElement);
const again = find("[data-testid=again]", HTMLButtonElement);
const turn = find("[data-testid=turn]", HTMLButtonElement);
const cancel = find("[data-testid=cancel]", HTMLButtonElement);
const tags = find("[data-testid=tags]", HTMLButtonElement);
const picture = createPicture(find("[data-testid=preview]", HTMLElement));
const editor = createEditor(find(".upload-reading", HTMLElement), picture);

/** @type {Upload | null} */
let latest = null;
/** @type {string[]} addresses of pictures on the page, to be freed */
let addresses = [];

/** @param {"idle" | "reading" | "read" | "blank" | "refused" | "canceled"} state */
function setState(state) {
  page.dataset.state = state;
  page.setAttribute("aria-busy", String(state === "reading"));
  cancel.hidden = state !== "reading";
  turn.hidden = !latest?.bitmap;
}

/** @param {Blob} blob */
function makeAddress(blob) {
  const address = URL.createObjectURL(blob);
  addresses.push(address);
  return address;
}

/** @param {File} file */
async function choose(file) {
  latest?.stop.abort();
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  const upload = { file, alphabet: getChoice(alphabets), bitmap: null, turns: 0, stop: new AbortController() };
  latest = upload;
  begin();
  const address = makeAddress(file);
  const bitmap = await decode(address);
  if (upload !== latest) return;
  latest.bitmap = bitmap;
  picture.show(bitmap ? address : null);
  read(latest);
}

/** Read the latest picture again: from another side, or as another alphabet. */
async function readAgain(turns = 0, pause = 0) {
  if (!latest) return;
  latest.stop.abort();
  const stop = new AbortController();
  const upload = { ...latest, alphabet: getChoice(alphabets), turns: (latest.turns + turns) % 4, stop };
  latest = upload;
  begin();
  if (turns && upload.bitmap) picture.show(makeAddress(await encode(upload.bitmap, upload.turns, true)));
  await new Promise((resolve) => setTimeout(resolve, pause));
  if (upload === latest && !stop.signal.aborted) read(upload);
}

function begin() {
  problem.hidden = true;
  again.hidden = true;
  editor.clear();
  picture.unmark();
  progress.removeAttribute("value");
  status.textContent = t("picture.reading");
  setState("reading");
}

/** @param {Upload} upload */
async function read(upload) {
  try {
    const form = new FormData();
    form.append("image", await prepare(upload));
    form.append("alphabet", upload.alphabet);
    form.append("preview", String(!upload.bitmap));
    const uploaded = await sendPicture(form, { onProgress: showProgress, signal: upload.stop.signal });
    if (upload !== latest) return;
    if (uploaded.preview) {
      upload.bitmap = await decode(uploaded.preview);
      picture.show(uploaded.preview);
    }
    if (upload === latest) show(uploaded);
  } catch (error) {
    if (upload !== latest) return;
    problem.textContent = describeError(error);
    problem.hidden = false;
    status.textContent = "";
    again.hidden = false;
    setState("refused");
  }
}

/** @param {number} share of the picture that was sent */
function showProgress(share) {
  if (share < 1) progress.value = share;
  else progress.removeAttribute("value"); // how long the server reads cannot be told
}

/**
 * @param {Upload} upload
 * @returns {Promise<Blob>} what to send: the file itself if the server reads it as it is
 */
async function prepare({ file, bitmap, turns }) {
  const isRead = READ_TYPES.includes(file.type) && file.size <= MAX_BYTES;
  if (isRead && !turns) return file;
  if (bitmap) return encode(bitmap, turns, !PNG_TYPES.includes(file.type));
  // HEIC and AVIF begin like this (ISO/IEC 14496-12).
  if ((await file.slice(4, 8).text()) === "ftyp") throw new Error(t("picture.heic"));
  if (file.size <= MAX_BYTES) return file;
  throw new Error(t("picture.too_large", { size: formatMegabytes(file.size), limit: formatMegabytes(MAX_BYTES) }));
}

/** @param {import("../../../types/api").Uploaded} uploaded */
function show(uploaded) {
  const count = uploaded.characters.length;
  if (count === 0) {
    status.textContent = t("picture.blank");
    setState("blank");
    return;
  }
  status.textContent = t("picture.found", { count });
  picture.mark(uploaded);
  editor.show(uploaded);
  setState("read");
}

alphabets.addEventListener("change", () => {
  again.hidden = latest === null || latest.alphabet === getChoice(alphabets);
});
again.addEventListener("click", () => readAgain());
turn.addEventListener("click", () => readAgain(1, TURN_PAUSE_MS));
cancel.addEventListener("click", () => {
  latest?.stop.abort();
  status.textContent = t("picture.canceled");
  again.hidden = false;
  setState("canceled");
  again.focus();
});
tags.addEventListener("click", () => {
  const isOn = tags.getAttribute("aria-pressed") !== "true";
  tags.setAttribute("aria-pressed", String(isOn));
  page.dataset.tags = String(isOn);
});
listenForPictures(choose);
