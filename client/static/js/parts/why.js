// "Why?": asks the server which ink decided, and shows that with known drawings that look like it.

import { postJSON } from "../api.js";
import { spoken } from "./alphabets.js";
import { copyOf, find, make, sentence } from "./page.js";
import { fitted, paint, paintWeighed } from "./sketch.js";

/** @typedef {[x: number, y: number, share: number]} Weighed what the ink did for the best against the rival, -1 to 1 */
/**
 * @typedef {object} Side
 * @property {string} label
 * @property {number} probability
 * @property {number[][][][]} examples known drawings, the most alike first: strokes of [x, y] on the square
 *
 * @typedef {{ best: Side, rival: Side, strokes: Weighed[][] }} Explained
 *
 * @typedef {object} Question
 * @property {number[][][]} strokes
 * @property {string} alphabet
 * @property {string} [rival] what it might have been; by default what is next best
 *
 * @typedef {object} Why
 * @property {HTMLElement} element to be put on the page
 * @property {() => void} toggle as the button does
 * @property {() => void} forget close it: the drawing is another now
 */

const LINE = 30; // of the drawing, in units of the square
const KNOWN_LINE = 60; // of the known ones, which are small
const WORTH_SHOWING = 0.25; // shares below are not told of

/**
 * @param {() => Question} question what is asked when the button is pressed
 * @returns {Why}
 */
export function createWhy(question) {
  const element = copyOf("why");
  const button = find(".why-ask", HTMLButtonElement, element);
  const told = find(".why-told", HTMLElement, element);
  const ink = find(".why-ink", HTMLCanvasElement, element);
  const words = find(".why-words", HTMLElement, element);
  const sides = find(".why-sides", HTMLElement, element);
  const problem = find(".why-problem", HTMLElement, element);
  /** @type {(() => void)[]} */
  let paintings = [];
  let asked = 0;

  function repaint() {
    if (!told.hidden) for (const repainted of paintings) repainted();
  }
  new ResizeObserver(repaint).observe(element);
  document.addEventListener("themechange", repaint);

  async function ask() {
    const asking = ++asked;
    element.setAttribute("aria-busy", "true");
    problem.hidden = true;
    try {
      /** @type {Explained} */
      const explained = await postJSON("/api/explain", question());
      if (asking === asked) show(explained);
    } catch (error) {
      if (asking !== asked) return;
      problem.textContent = sentence(error);
      problem.hidden = false;
    } finally {
      if (asking === asked) element.removeAttribute("aria-busy");
    }
  }

  /** @param {Explained} explained */
  function show({ best, rival, strokes }) {
    const drawing = fitted(strokes);
    paintings = [() => paintWeighed(ink, drawing, LINE)];
    sides.replaceChildren(...[best, rival].filter(({ examples }) => examples.length).map(side));
    told.hidden = false;
    button.setAttribute("aria-expanded", "true");
    words.textContent = inWords(best.label, rival.label, strokes);
    repaint();
    told.scrollIntoView({ block: "nearest" });
  }

  /** @param {Side} side */
  function side({ label, examples }) {
    const figure = copyOf("why-side");
    const caption = find("figcaption", HTMLElement, figure);
    caption.append(make("b", { "aria-hidden": "true" }, label), make("span", { class: "visually-hidden" }, spoken(label)));
    caption.append(", as others drew it");
    const known = find(".why-known", HTMLElement, figure);
    known.setAttribute("aria-label", `${examples.length} known drawings of ${spoken(label)} that are most like it`);
    for (const drawing of examples) {
      const canvas = make("canvas");
      known.append(canvas);
      paintings.push(() => paint(canvas, drawing, KNOWN_LINE));
    }
    return figure;
  }

  function forget() {
    asked += 1;
    element.removeAttribute("aria-busy");
    button.setAttribute("aria-expanded", "false");
    told.hidden = problem.hidden = true;
  }

  function toggle() {
    if (told.hidden) ask();
    else forget();
  }

  button.addEventListener("click", toggle);
  return { element, toggle, forget };
}

/**
 * @param {string} best
 * @param {string} rival
 * @param {Weighed[][]} strokes
 */
function inWords(best, rival, strokes) {
  const found = strokes.some((stroke) => stroke.some(([, , share]) => share > WORTH_SHOWING));
  return found
    ? `The heavy ink says ${spoken(best)} rather than ${spoken(rival)}.`
    : `No part of it alone says ${spoken(best)} rather than ${spoken(rival)}.`;
}
