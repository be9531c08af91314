// The draw page: a pad that is read while one draws, and whether it was read right.

import { createInkPad } from "../ink-pad.js";
import { postJSON } from "../api.js";
import { spoken } from "../parts/alphabets.js";
import { showCandidates } from "../parts/candidates.js";
import { find, make, sentence } from "../parts/page.js";
import { createVerdict } from "../parts/verdict.js";
import { createWhy } from "../parts/why.js";
import { listen } from "./keys.js";
import { createReader, recognize } from "./reader.js";

const panel = find(".reading", HTMLElement);
const alphabets = find(".draw-alphabet", HTMLFieldSetElement);
const glyph = find(".reading-glyph", HTMLElement);
const said = find(".reading-said", HTMLElement);
const seen = find(".reading-seen", HTMLImageElement);
const bars = find(".candidates", HTMLElement);
const problem = find(".draw-problem", HTMLElement);
const undo = find("[data-testid=undo]", HTMLButtonElement);
const clear = find("[data-testid=clear]", HTMLButtonElement);
const again = make("button", { type: "button", class: "button button-quiet" }, "Draw another");

/** @type {(import("./reader.js").Answer & { round?: string | null }) | null} */
let shown = null;

const reader = createReader(show, (error) => complain(error));
const verdict = createVerdict(keep, reader.forget);
find(".reading-verdict", HTMLElement).append(verdict.element);
find(".verdict-thanks", HTMLElement, verdict.element).append(again);

const why = createWhy(() => ({ strokes: pad.strokes, alphabet: alphabet() }));
find(".reading-why", HTMLElement).append(why.element);

const pad = createInkPad(find("[data-testid=pad]", HTMLCanvasElement), {
  onInk: read,
  onChange: read,
});

/** Ask for what is on the pad now. */
function read() {
  const drawn = pad.strokes.length > 0;
  undo.disabled = clear.disabled = !drawn;
  document.body.dataset.drawn = String(drawn);
  why.forget();
  if (drawn) reader.ask(pad.strokes, alphabet());
  else forget();
}

/** @returns {string} */
function alphabet() {
  return find("input:checked", HTMLInputElement, alphabets).value;
}

/** @param {import("./reader.js").Answer} answer */
function show(answer) {
  const { label, confidence, candidates, image } = answer.reading;
  shown = answer;
  problem.hidden = true;
  panel.dataset.state = confidence < 0.5 ? "unsure" : "sure";
  glyph.textContent = label;
  said.textContent = confidence < 0.5 ? `Perhaps ${spoken(label)}?` : `This looks like ${spoken(label)}.`;
  seen.src = image;
  showCandidates(bars, candidates);
  verdict.ask(label, answer.alphabet);
}

function forget() {
  reader.forget();
  shown = null;
  problem.hidden = true;
  panel.dataset.state = "empty";
  glyph.textContent = "";
  said.textContent = "Draw, and I read along.";
  seen.removeAttribute("src");
  bars.replaceChildren();
  verdict.ask(null, alphabet());
}

/** @param {unknown} error */
function complain(error) {
  problem.textContent = sentence(error);
  problem.hidden = false;
}

/**
 * Have the drawing stored, once, and say what it was.
 *
 * @param {string} label
 * @returns {Promise<{ label: string, verdict: string }>}
 */
async function keep(label) {
  const answer = shown;
  if (!answer) throw new Error("There is no drawing to judge.");
  // What is judged is the drawing as it stands, not the part of it that was read last.
  answer.round ??= (await recognize(structuredClone(pad.strokes), answer.alphabet, true)).round;
  return postJSON(`/api/rounds/${answer.round}/feedback`, { label });
}

undo.addEventListener("click", () => pad.undo());
clear.addEventListener("click", () => pad.clear());
again.addEventListener("click", () => {
  pad.clear();
  find("[data-testid=pad]", HTMLCanvasElement).focus();
});
alphabets.addEventListener("change", read);
listen({ undo: () => pad.undo(), clear: () => pad.clear(), yes: verdict.confirm, no: verdict.correct });
forget();
