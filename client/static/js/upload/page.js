// The upload page: pictures go to the server one after the other, and come back as texts that can be corrected.

import "../common/page.js";
import { describeError, isOffline } from "../api.js";
import { find, getChoice } from "../parts/dom.js";
import { t } from "../parts/messages.js";
import { createQuestion } from "./ask.js";
import { decode } from "./bitmap.js";
import { createEditor } from "./editor.js";
import { checkFile, prepare } from "./files.js";
import { createPictureList } from "./picture-list.js";
import { createPicture } from "./picture.js";
import { dropRounds, makePicture, setAddress, turnPicture } from "./pictures.js";
import { createQueue } from "./queue.js";
import { createReading } from "./reading.js";
import { sendPicture } from "./send.js";
import { listenForPictures } from "./sources.js";
import { canRetry, describeProgress, describeState, isUnread } from "./states.js";
import { createSteps } from "./steps.js";
import { composeText } from "./text.js";

const TURN_PAUSE_MS = 700; // a picture that is upside down is turned twice
const MOST_SPOKEN = 200; // characters of a text that a screen reader is given at once

/** @typedef {import("./pictures.js").Picture} Picture */

const page = find(".upload", HTMLElement);
const alphabets = find(".upload-alphabet", HTMLFieldSetElement);
const problem = find("[data-testid=upload-error]", HTMLElement);
const status = find(".upload-status", HTMLElement);
const pageNote = find("[data-testid=page-found]", HTMLElement);
const turnedNote = find("[data-testid=turned]", HTMLElement);
const framesNote = find("[data-testid=frames]", HTMLElement);
const progress = find(".upload-progress", HTMLProgressElement);
const again = find("[data-testid=again]", HTMLButtonElement);
const pictureTools = find(".picture-tools", HTMLElement);
const cancel = find("[data-testid=cancel]", HTMLButtonElement);
const tags = find("[data-testid=tags]", HTMLButtonElement);
const preview = createPicture(find("[data-testid=preview]", HTMLElement));
const editor = createEditor(page, preview, () => render());
const mayReplace = createQuestion(find(".upload-ask", HTMLDialogElement));
const queue = createQueue({
  read,
  onRefused(picture) {
    if (picture.attempt > 1) dropRounds(picture); // something may be stored of it
  },
  onChange(newPause) {
    pause = newPause;
    render();
  },
  wait,
});
const list = createPictureList(find(".picture-list", HTMLElement), {
  show,
  retry: () => queue.add(pictures.filter(canRetry)),
  clear,
});
const steps = createSteps(find(".upload-steps", HTMLElement), show);

/** @type {Picture[]} */
let pictures = [];
/** @type {Picture | null} */
let shown = null;
/** @type {Picture["reading"]} what the editor shows */
let edited = null;
/** @type {import("./queue.js").Pause | null} what the next picture waits for */
let pause = null;

/** @param {File[]} files */
async function add(files) {
  const alphabet = getChoice(alphabets);
  const added = await Promise.all(
    files.map((file) =>
      checkFile(file).then(
        (kind) => makePicture(file, kind, alphabet, null),
        (error) => makePicture(file, null, alphabet, error),
      ),
    ),
  );
  pictures.push(...added);
  queue.add(added.filter(({ isFit }) => isFit));
  show(added[0]);
}

/** @param {Picture} picture @param {AbortSignal} signal */
async function read(picture, signal) {
  picture.reading = null;
  let bitmap = picture.address ? await decode(picture.address) : null;
  if (!bitmap) setAddress(picture, "address", null);
  render();
  const image = await prepare(picture.file, picture.kind, bitmap);
  if (signal.aborted) return;
  picture.attempt += 1;
  const source = { picture: picture.name, attempt: String(picture.attempt) };
  /** @type {Record<string, Blob | string>} */
  const fields = { ...source, image, alphabet: picture.alphabet, preview: String(!bitmap) };
  if (picture.turn !== null) fields.turn = String(picture.turn);
  const onProgress = (/** @type {number} */ share) => {
    if (picture === shown) showProgress(share);
  };
  const uploaded = await sendPicture(fields, { onProgress, signal }).catch((error) => {
    if (error.code === "unreadable_image") picture.isFit = false; // the server would refuse it again
    const isLargeHeic = error.code === "image_too_large" && picture.kind === "heic";
    throw isLargeHeic ? new Error(t("picture.heic_too_large")) : error;
  });
  if (signal.aborted) return;
  if (uploaded.preview) {
    picture.address = uploaded.preview;
    bitmap = await decode(uploaded.preview);
  }
  await turnPicture(picture, bitmap, uploaded.turn ?? 0);
  if (!signal.aborted) picture.reading = createReading(uploaded, source);
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
  list.update(pictures, shown);
  steps.update(pictures, shown, pauseText);
  cancel.hidden = !pictures.some(({ state }) => isUnread(state));
  if (!shown) return;
  const { state, reading, error, address, turned, turn, alphabet, isFit } = shown;
  const isReading = isUnread(state);
  page.dataset.state = isReading ? "reading" : state !== "read" ? state : reading?.marks.length ? "read" : "blank";
  page.setAttribute("aria-busy", String(isReading));
  pictureTools.hidden = address === null || !isFit;
  again.hidden = !isFit || isReading || (state === "read" && alphabet === getChoice(alphabets));
  problem.hidden = state !== "refused";
  problem.textContent = state === "refused" ? describeError(error) : "";
  const current = state === "read" ? reading : null;
  turnedNote.hidden = !current?.turn || turn !== null;
  pageNote.hidden = !current?.page;
  framesNote.hidden = !current || current.frames < 2;
  framesNote.textContent = t("picture.frames", { number: current?.frames ?? 0 });
  if (current && current === edited) return;
  const text = current ? composeText(current.letters) : "";
  const start = text.length > MOST_SPOKEN ? `${text.slice(0, MOST_SPOKEN)}…` : text;
  setStatus((pictures.length < 2 && pauseText) || describeState(shown), start);
  edited = current;
  preview.show(turned ?? address);
  if (current) preview.outline(current);
  if (current?.marks.length) {
    preview.mark(current);
    editor.show(current);
  } else editor.clear();
}

/**
 * Say something to screen readers too, and not again while it stays the same.
 *
 * @param {string} text
 * @param {string} [reading] what was read, which only screen readers need: the text is on the page
 */
function setStatus(text, reading = "") {
  [text, reading].forEach((part, i) => {
    if (status.children[i].textContent !== part) status.children[i].textContent = part;
  });
}

/** @param {number} share of the picture that was sent */
function showProgress(share) {
  if (share < 1) progress.value = share;
  else progress.removeAttribute("value"); // how long the server reads cannot be told
}

/**
 * Show the picture turned at once, and read it when the person has turned it for the last time.
 *
 * @param {number} quarters
 */
async function turnBy(quarters) {
  const picture = shown;
  if (!picture?.address || !(await mayReplace(picture.reading))) return;
  const turn = ((picture.turn ?? picture.reading?.turn ?? 0) + quarters + 4) % 4;
  picture.turn = turn;
  picture.alphabet = getChoice(alphabets);
  clearTimeout(picture.timer);
  queue.hold(picture);
  await turnPicture(picture, picture.address ? await decode(picture.address) : null, turn);
  if (picture.state !== "held" || picture.turn !== turn) return;
  picture.timer = window.setTimeout(() => queue.addFirst(picture), TURN_PAUSE_MS);
  render();
}

/** Read the picture that is shown again, if the person agrees. @param {(picture: Picture) => void} prepare */
async function readAgain(prepare) {
  const picture = shown;
  if (!picture || !(await mayReplace(picture.reading))) return;
  prepare(picture);
  queue.addFirst(picture);
}

function stop() {
  for (const picture of pictures) {
    clearTimeout(picture.timer);
    if (isUnread(picture.state)) dropRounds(picture);
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
  problem.hidden = turnedNote.hidden = pageNote.hidden = framesNote.hidden = pictureTools.hidden = again.hidden = true;
  page.dataset.state = "idle";
  render();
  find("[data-testid=file]", HTMLInputElement).focus();
}

alphabets.addEventListener("change", () => render());
again.addEventListener("click", () => {
  readAgain((picture) => {
    picture.alphabet = getChoice(alphabets);
  });
});
const left = find("[data-testid=turn-left]", HTMLButtonElement);
left.addEventListener("click", () => turnBy(-1));
find("[data-testid=turn-right]", HTMLButtonElement).addEventListener("click", () => turnBy(1));
find("[data-testid=turn-back]", HTMLButtonElement).addEventListener("click", () => {
  readAgain((picture) => {
    picture.turn = 0;
    left.focus(); // the button that was pressed is gone
  });
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
