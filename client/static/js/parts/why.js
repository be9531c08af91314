// "Why?": asks the server which ink decided, and shows it beside known drawings that look like it.

import { describeError, postJSON } from "../api.js";
import { copyTemplate, find, make } from "./dom.js";
import { nameCharacter } from "./format.js";
import { fitToSquare, WHOLE_SQUARE } from "./geometry.js";
import { t } from "./messages.js";
import { paintStrokes, paintWeightedStrokes } from "./paint.js";

/** @typedef {import("../../../types/api").Explained} Explained */
/** @typedef {import("../../../types/api").Side} Side */
/**
 * @typedef {object} Question
 * @property {number[][][]} strokes
 * @property {string} alphabet
 * @property {string} [rival] the character it might have been; by default the next best
 *
 * @typedef {object} Why
 * @property {HTMLElement} element to be put on the page
 * @property {() => void} close to be called when the drawing changes: the answer was about the old drawing
 */

// Widths of the line, in units of the square.
const DRAWING_LINE = 30;
const EXAMPLE_LINE = 60; // examples are small on the screen

const LEAST_SHARE = 0.25; // ink with a smaller share is not mentioned

/**
 * @param {() => Question} getQuestion called when the button is pressed
 * @returns {Why}
 */
export function createWhy(getQuestion) {
  const element = copyTemplate("why");
  const button = find(".why-ask", HTMLButtonElement, element);
  const answer = find(".why-answer", HTMLElement, element);
  const drawing = find(".why-drawing", HTMLCanvasElement, element);
  const words = find(".why-words", HTMLElement, element);
  const sides = find(".why-sides", HTMLElement, element);
  const problem = find(".why-problem", HTMLElement, element);
  /** @type {(() => void)[]} */
  let paintings = [];
  let questions = 0; // how many were asked so far: answers to older questions are not shown

  function repaint() {
    if (!answer.hidden) for (const paint of paintings) paint();
  }
  new ResizeObserver(repaint).observe(element);
  document.addEventListener("themechange", repaint);

  async function ask() {
    const number = ++questions;
    element.setAttribute("aria-busy", "true");
    problem.hidden = true;
    try {
      /** @type {Explained} */
      const explained = await postJSON("/api/explain", getQuestion());
      if (number === questions) show(explained);
    } catch (error) {
      if (number !== questions) return;
      problem.textContent = describeError(error);
      problem.hidden = false;
    } finally {
      if (number === questions) element.removeAttribute("aria-busy");
    }
  }

  /** @param {Explained} explained */
  function show({ best, rival, strokes }) {
    const fitted = fitToSquare(strokes);
    paintings = [() => paintWeightedStrokes(drawing, fitted, DRAWING_LINE)];
    sides.replaceChildren(...[best, rival].filter(({ examples }) => examples.length).map(makeSide));
    answer.hidden = false;
    button.setAttribute("aria-expanded", "true");
    words.textContent = explainInWords(best.label, rival.label, strokes);
    repaint();
    answer.scrollIntoView({ block: "nearest" });
  }

  /** @param {Side} side */
  function makeSide({ label, examples }) {
    const side = copyTemplate("why-side");
    const [before, after] = t("explain.caption").split("{character}");
    find("figcaption", HTMLElement, side).append(
      before,
      make("b", { "aria-hidden": "true" }, label),
      make("span", { class: "visually-hidden" }, nameCharacter(label)),
      after,
    );
    const canvases = find(".why-examples", HTMLElement, side);
    const character = nameCharacter(label);
    canvases.setAttribute("aria-label", t("explain.examples", { count: examples.length, character }));
    for (const strokes of examples) {
      const canvas = make("canvas");
      canvases.append(canvas);
      paintings.push(() => paintStrokes(canvas, strokes, EXAMPLE_LINE, WHOLE_SQUARE));
    }
    return side;
  }

  function close() {
    questions += 1;
    element.removeAttribute("aria-busy");
    button.setAttribute("aria-expanded", "false");
    answer.hidden = problem.hidden = true;
  }

  button.addEventListener("click", () => {
    if (answer.hidden) ask();
    else close();
  });
  return { element, close };
}

/**
 * @param {string} best
 * @param {string} rival
 * @param {Explained["strokes"]} strokes
 */
function explainInWords(best, rival, strokes) {
  const isMarked = strokes.some((stroke) => stroke.some(([, , share]) => share > LEAST_SHARE));
  const values = { best: nameCharacter(best), rival: nameCharacter(rival) };
  return t(isMarked ? "explain.marked" : "explain.unmarked", values);
}
