// The draw page: reads a drawing while it grows, and asks whether it was read right.

import "../common/page.js";
import { describeError, postJSON, sendLabel } from "../api.js";
import { showCandidates } from "../parts/candidates.js";
import { find, getChoice, make } from "../parts/dom.js";
import { createFeedback } from "../parts/feedback.js";
import { nameCharacter } from "../parts/format.js";
import { showWithGlyph } from "../parts/glyph.js";
import { createInkPad } from "../parts/ink-pad.js";
import { createKeyPen } from "../parts/key-pen.js";
import { t } from "../parts/messages.js";
import { createReader } from "../parts/reader.js";
import { createWhy } from "../parts/why.js";
import { listenToKeys } from "./keys.js";
import { createMemo } from "./memo.js";

/** @typedef {import("../../../types/api").Recognized} Recognized */
/** @typedef {import("../../../types/api").RecognizeRequest} RecognizeRequest */

const SURE = 0.5; // below this confidence the guess is a question
const MOST_OTHERS = 5; // candidates that one tap sends when the guess is wrong

const panel = find(".reading", HTMLElement);
const alphabets = find(".draw-alphabet", HTMLFieldSetElement);
const glyph = find(".reading-glyph", HTMLElement);
const text = find(".reading-text", HTMLElement);
const image = find(".reading-seen", HTMLImageElement);
const bars = find(".candidates", HTMLElement);
const problem = find(".draw-problem", HTMLElement);
const canvas = find("[data-testid=pad]", HTMLCanvasElement);
const undo = find("[data-testid=undo]", HTMLButtonElement);
const clear = find("[data-testid=clear]", HTMLButtonElement);
const again = make("button", { type: "button", class: "button button-quiet" }, t("drawing.again"));

/** @type {{ alphabet: string, round: string | null } | null} the answer on the page, with its round once it is stored */
let shown = null;

const reader = createReader(recognize, { onAnswer: showAnswer, onError: showProblem });
const feedback = createFeedback(saveLabel, reader.forget);
find(".reading-feedback", HTMLElement).append(feedback.element);
const memo = createMemo();
find(".feedback-thanks", HTMLElement, feedback.element).append(again, memo.element);

const why = createWhy(() => ({ strokes: pad.strokes, alphabet: getChoice(alphabets) }));
find(".reading-why", HTMLElement).append(why.element);

const pad = createInkPad(canvas, { onInk: readPad, onChange: readPad });
createKeyPen(canvas, pad);

function readPad() {
  const isDrawn = pad.strokes.length > 0;
  undo.disabled = !pad.canUndo;
  clear.disabled = !isDrawn;
  document.body.dataset.drawn = String(isDrawn);
  why.close();
  if (isDrawn) reader.read(pad.strokes, getChoice(alphabets));
  else showNothing();
}

/**
 * @param {number[][][]} strokes
 * @param {string} alphabet
 * @param {boolean} [store] whether the server stores the drawing; only then does it have a round to label
 * @returns {Promise<Recognized>}
 */
function recognize(strokes, alphabet, store = false) {
  return postJSON("/api/recognize", /** @satisfies {RecognizeRequest} */ ({ strokes, alphabet, store }));
}

/** @param {import("../parts/reader.js").Answer} answer */
function showAnswer({ alphabet, recognized }) {
  const isSure = recognized.confidence >= SURE;
  shown = { alphabet, round: null };
  problem.hidden = true;
  panel.dataset.state = isSure ? "sure" : "unsure";
  glyph.textContent = recognized.label;
  const key = !recognized.likely ? "drawing.no_idea" : isSure ? "drawing.sure" : "drawing.unsure";
  showWithGlyph(text, t(key, { character: nameCharacter(recognized.label) }), recognized.label);
  image.src = recognized.image;
  showCandidates(bars, recognized.candidates);
  const others = recognized.candidates.slice(1, 1 + MOST_OTHERS);
  feedback.ask(recognized.label, alphabet, others.map(({ label }) => label));
}

function showNothing() {
  reader.forget();
  shown = null;
  problem.hidden = true;
  panel.dataset.state = "empty";
  glyph.textContent = "";
  text.textContent = t("drawing.empty");
  image.removeAttribute("src");
  bars.replaceChildren();
  feedback.ask(null, getChoice(alphabets));
}

/** @param {unknown} error */
function showProblem(error) {
  problem.textContent = describeError(error);
  problem.hidden = false;
}

/**
 * Store the drawing, unless it is stored already, and send its label.
 *
 * @param {string} label
 * @returns {Promise<import("../../../types/api").FeedbackTaken>}
 */
async function saveLabel(label) {
  const answer = shown;
  if (!answer) throw new Error(t("errors.empty_drawing"));
  // The label is for the whole drawing, not only for the part that was read last.
  answer.round ??= (await recognize(structuredClone(pad.strokes), answer.alphabet, true)).round;
  if (!answer.round) throw new Error(t("drawing.not_stored"));
  /** @type {import("../../../types/api").FeedbackTaken} */
  const taken = await sendLabel(answer.round, label);
  if (answer === shown) showLabel(taken);
  return taken;
}

/** Show what the drawing is, as the person says it. @param {import("../../../types/api").FeedbackTaken} taken */
function showLabel(taken) {
  const { label, verdict } = taken;
  memo.show(taken);
  const key = verdict === "corrected" ? "drawing.corrected" : "drawing.sure";
  panel.dataset.state = verdict;
  glyph.textContent = label;
  showWithGlyph(text, t(key, { character: nameCharacter(label) }), label);
}

undo.addEventListener("click", () => pad.undo());
clear.addEventListener("click", () => pad.clear());
again.addEventListener("click", () => {
  pad.load();
  canvas.focus();
});
alphabets.addEventListener("change", readPad);
listenToKeys({ undo: () => pad.undo(), clear: () => pad.clear(), yes: feedback.confirm, no: feedback.correct });
showNothing();
