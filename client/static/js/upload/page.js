// The upload page: pictures go to the server one after the other, and come back as texts that can be corrected.

import "../common/page.js";
import { describeError, isOffline } from "../api.js";
import { find, getChoice } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { decode, encode, makeThumbnail } from "./bitmap.js";
import { createEditor } from "./editor.js";
import { findFault, isPhoto, prepare } from "./files.js";
import { createPicture } from "./picture.js";
import { createQueue } from "./queue.js";
import { createReading } from "./reading.js";
import { sendPicture } from "./send.js";
import { canRetry, createShelf } from "./shelf.js";
import { listenForPictures } from "./sources.js";

const TURN_PAUSE_MS = 700; // a picture that is upside down is turned twice

/**
 * @typedef {object} Picture
 * @property {File} file
 * @property {boolean} isFit whether it may be a picture that can be read
 * @property {import("./queue.js").State} state
 * @property {unknown} error why it could not be read
 * @property {string} alphabet
 * @property {number | null} turn by how many quarters the person wants it turned; null: as the server finds best
 * @property {string | null} address of the picture as it was sent, null if the browser cannot show it
 * @property {string | null} turned address of the turned picture
 * @property {HTMLCanvasElement | null} thumbnail
 * @property {import("./reading.js").Reading | null} reading
 * @property {number} timer after the last turn
 */

const page = find(".upload", HTMLElement);
const alphabets = find(".upload-alphabet", HTMLFieldSetElement);
const problem = find("[data-testid=upload-error]", HTMLElement);
const status = find(".upload-status", HTMLElement);
const turnedNote = find("[data-testid=turned]", HTMLElement);
const framesNote = find("[data-testid=frames]", HTMLElement);
const progress = find(".upload-progress", HTMLProgressElement);
const again = find("[data-testid=again]", HTMLButtonElement);
const turns = find(".upload-turns", HTMLElement);
const cancel = find("[data-testid=cancel]", HTMLButtonElement);
const tags = find("[data-testid=tags]", HTMLButtonElement);
const preview = createPicture(find("[data-testid=preview]", HTMLElement));
const editor = createEditor(find(".upload-reading", HTMLElement), preview, () => render());
const queue = createQueue({
  read,
  onChange(newPause) {
    pause = newPause;
    render();
  },
  wait,
});
const shelf = createShelf(find(".shelf", HTMLElement), {
  show,
  retry: () => queue.add(pictures.filter(canRetry)),
  clear,
});

/** @type {Picture[]} */
let pictures = [];
/** @type {Picture | null} */
let shown = null;
/** @type {Picture["reading"]} what the editor shows */
let edited = null;
/** @type {import("./queue.js").Pause | null} what the next picture waits for */
let pause = null;

/** @param {File[]} files */
function add(files) {
  const added = files.map((file) => makePicture(file));
  pictures.push(...added);
  queue.add(added.filter(({ isFit }) => isFit));
  show(added[0]);
}

/** @param {File} file @returns {Picture} */
function makePicture(file) {
  const fault = findFault(file);
  return {
    file,
    isFit: fault === null,
    state: fault === null ? "waiting" : "refused",
    error: fault === null ? null : new Error(fault),
    alphabet: getChoice(alphabets),
    turn: null,
    address: fault === null ? URL.createObjectURL(file) : null,
    turned: null,
    thumbnail: null,
    reading: null,
    timer: 0,
  };
}

/** @param {Picture} picture @param {AbortSignal} signal */
async function read(picture, signal) {
  picture.reading = null;
  let bitmap = picture.address ? await decode(picture.address) : null;
  if (!bitmap) setAddress(picture, "address", null);
  render();
  /** @type {Record<string, Blob | string>} */
  const fields = { image: await prepare(picture.file, bitmap), alphabet: picture.alphabet, preview: String(!bitmap) };
  if (picture.turn !== null) fields.turn = String(picture.turn);
  const onProgress = (/** @type {number} */ share) => {
    if (picture === shown) showProgress(share);
  };
  const uploaded = await sendPicture(fields, { onProgress, signal }).catch((error) => {
    if (error.code === "unreadable_image") picture.isFit = false; // the server would refuse it again
    throw error;
  });
  if (uploaded.preview) {
    picture.address = uploaded.preview;
    bitmap = await decode(uploaded.preview);
  }
  await turnPicture(picture, bitmap, uploaded.turn ?? 0);
  if (!signal.aborted) picture.reading = createReading(uploaded);
}

/**
 * @param {Picture} picture
 * @param {import("./bitmap.js").Bitmap | null} bitmap of the picture as it was sent
 * @param {number} turn
 */
async function turnPicture(picture, bitmap, turn) {
  if (!bitmap) return;
  picture.thumbnail = makeThumbnail(bitmap, turn);
  setAddress(picture, "turned", turn ? URL.createObjectURL(await encode(bitmap, turn, isPhoto(picture.file))) : null);
}

/** @param {Picture} picture @param {"address" | "turned"} name @param {string | null} address */
function setAddress(picture, name, address) {
  const before = picture[name];
  if (before?.startsWith("blob:")) URL.revokeObjectURL(before);
  picture[name] = address;
}

/** @param {number} seconds @param {AbortSignal} signal @param {boolean} isOffline @returns {Promise<void>} */
function wait(seconds, signal, isOffline) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    signal.addEventListener("abort", end);
    if (isOffline) window.addEventListener("online", end);
  });
}

/** @param {Picture} picture */
function show(picture) {
  shown = picture;
  edited = null;
  progress.removeAttribute("value");
  render();
}

function render() {
  const pauseText = pause
    ? t(pause.isOffline ? "picture.waiting_offline" : "picture.waiting_busy", { count: pause.seconds })
    : "";
  shelf.update(pictures, shown, pauseText);
  cancel.hidden = !pictures.some(({ state }) => isUnread(state));
  if (!shown) return;
  const { state, reading, error, address, turned, turn, alphabet, isFit } = shown;
  const isReading = isUnread(state);
  page.dataset.state = isReading ? "reading" : state !== "read" ? state : reading?.marks.length ? "read" : "blank";
  page.setAttribute("aria-busy", String(isReading));
  turns.hidden = address === null || !isFit;
  again.hidden = !isFit || isReading || (state === "read" && alphabet === getChoice(alphabets));
  problem.hidden = state !== "refused";
  problem.textContent = state === "refused" ? describeError(error) : "";
  setStatus((pictures.length < 2 && pauseText) || describeState(shown));
  const current = state === "read" ? reading : null;
  turnedNote.hidden = !current?.turn || turn !== null;
  framesNote.hidden = !current || current.frames < 2;
  framesNote.textContent = t("picture.frames", { number: current?.frames ?? 0 });
  if (current && current === edited) return;
  edited = current;
  preview.show(turned ?? address);
  if (current?.marks.length) {
    preview.mark(current);
    editor.show(current);
  } else editor.clear();
}

/** @param {Picture["state"]} state */
function isUnread(state) {
  return state === "waiting" || state === "held" || state === "reading";
}

/** @param {Picture} picture */
function describeState({ state, reading }) {
  if (isUnread(state)) return t("picture.reading");
  if (state === "stopped") return t("picture.canceled");
  if (state === "refused" || !reading) return "";
  if (!reading.marks.length) return t("picture.blank");
  return reading.found ? t("picture.found", { count: reading.found }) : t("picture.only_signs");
}

/** Say something to screen readers too, and not again while it stays the same. @param {string} text */
function setStatus(text) {
  if (status.textContent !== text) status.textContent = text;
}

/** @param {number} share of the picture that was sent */
function showProgress(share) {
  if (share < 1) progress.value = share;
  else progress.removeAttribute("value"); // how long the server reads cannot be told
}

/** Show the picture turned at once, and read it when the person has turned it for the last time. @param {number} quarters */
async function turnBy(quarters) {
  if (!shown?.address) return;
  const picture = shown;
  const turn = ((picture.turn ?? picture.reading?.turn ?? 0) + quarters + 4) % 4;
  picture.turn = turn;
  picture.alphabet = getChoice(alphabets);
  clearTimeout(picture.timer);
  queue.hold(picture);
  await turnPicture(picture, await decode(shown.address), turn);
  if (picture.state !== "held" || picture.turn !== turn) return;
  picture.timer = window.setTimeout(() => queue.addFirst(picture), TURN_PAUSE_MS);
  render();
}

function stop() {
  for (const picture of pictures) {
    clearTimeout(picture.timer);
    if (picture.state === "held") picture.state = "stopped";
  }
  queue.stop();
}

function clear() {
  stop();
  for (const picture of pictures) for (const name of /** @type {const} */ (["address", "turned"])) setAddress(picture, name, null);
  pictures = [];
  shown = edited = null;
  preview.show(null);
  editor.clear();
  setStatus("");
  problem.hidden = turnedNote.hidden = framesNote.hidden = turns.hidden = again.hidden = true;
  page.dataset.state = "idle";
  render();
  find("[data-testid=file]", HTMLInputElement).focus();
}

alphabets.addEventListener("change", () => render());
again.addEventListener("click", () => {
  if (!shown) return;
  shown.alphabet = getChoice(alphabets);
  queue.addFirst(shown);
});
const left = find("[data-testid=turn-left]", HTMLButtonElement);
left.addEventListener("click", () => turnBy(-1));
find("[data-testid=turn-right]", HTMLButtonElement).addEventListener("click", () => turnBy(1));
find("[data-testid=turn-back]", HTMLButtonElement).addEventListener("click", () => {
  if (!shown) return;
  shown.turn = 0;
  queue.addFirst(shown);
  left.focus(); // the button that was pressed is gone
});
cancel.addEventListener("click", () => {
  stop();
  (again.hidden ? find("[data-testid=retry]", HTMLButtonElement) : again).focus();
});
tags.addEventListener("click", () => {
  const isOn = tags.getAttribute("aria-pressed") !== "true";
  tags.setAttribute("aria-pressed", String(isOn));
  page.dataset.tags = String(isOn);
});
window.addEventListener("online", () => {
  queue.add(pictures.filter(({ state, error }) => state === "refused" && isOffline(error)));
});
listenForPictures(add);
