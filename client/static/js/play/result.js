// How it went: the figures, the place on the board, and every drawing with what was seen in it.

import { getJSON, postJSON } from "../api.js";
import { timed } from "../parts/replay.js";
import { paint } from "../parts/sketch.js";
import { ALPHABETS, spoken } from "../parts/alphabets.js";
import { copyOf, find, percent } from "../parts/page.js";
import { createVerdict } from "../parts/verdict.js";
import { createWhy } from "../parts/why.js";
import { beat } from "./memory.js";

/** @typedef {import("../ink-pad.js").Stroke[]} Strokes */
/**
 * @typedef {object} Round
 * @property {number} round
 * @property {string} id
 * @property {string} target
 * @property {"hit" | "skip" | "timeout"} outcome
 * @property {string | null} label what was seen
 * @property {number | null} confidence
 * @property {number} points
 */
/**
 * @typedef {object} Result
 * @property {string} game
 * @property {string} mode
 * @property {string} alphabet
 * @property {number} score
 * @property {number} hits
 * @property {Round[]} rounds
 * @property {number} accuracy
 * @property {number} best_combo
 * @property {number | null} rank
 * @property {string} [why] the game ended early, and this is why
 */

const LINE = 44; // of the small pictures, in units of the square
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });
const SUFFIXES = /** @type {Record<string, string>} */ ({ one: "st", two: "nd", few: "rd", other: "th" });
const MARKS = { hit: "M4 13.5c2 1.5 3.5 3.5 5 6C11.5 13 15 8 20.5 4", miss: "M5 5.5c4 4 9 9.5 14 13.5M18.5 5C14 9 9 14 5.5 19" };

/** @param {HTMLElement} play */
export function createResult(play) {
  const list = find(".result-rounds", HTMLElement, play);
  /** @type {Map<HTMLCanvasElement, Strokes>} */
  const sketches = new Map();

  function repaint() {
    for (const [canvas, strokes] of sketches) if (canvas.clientWidth) paint(canvas, strokes, LINE);
  }
  new ResizeObserver(repaint).observe(list);
  document.addEventListener("themechange", repaint);

  /**
   * @param {Result} result
   * @param {Map<number, Strokes>} drawn by round, as far as this page saw them drawn
   */
  function show(result, drawn) {
    const scored = result.mode === "sprint";
    play.dataset.scored = String(scored);
    fill("title", result.why ?? (scored ? "Time!" : "Well practised"));
    fill("rank", scored ? placed(result) : "");
    fill("hits", `${result.hits} of ${result.rounds.length}`);
    fill("accuracy", percent(result.accuracy));
    fill("combo", String(result.best_combo));
    find("[data-testid=result-score]", HTMLElement, play).textContent = String(result.score);
    if (scored) {
      const before = beat(result.alphabet, result.score);
      fill("best", result.score > before ? "this one!" : String(before));
    }
    sketches.clear();
    list.replaceChildren(...result.rounds.map((round) => item(round, result.alphabet, drawn.get(round.round) ?? [])));
    play.dataset.rounds = String(result.rounds.length);
    repaint();
    if (result.rounds.some((round) => !drawn.has(round.round))) recall(result.game);
  }

  /** What was drawn before a reload of the page is known to the server alone. @param {string} game */
  async function recall(game) {
    const kept = await getJSON(`/api/games/${encodeURIComponent(game)}`).catch(() => null);
    for (const round of kept?.rounds ?? []) {
      const canvas = list.querySelector(`[data-round="${round.round}"] canvas`);
      if (canvas instanceof HTMLCanvasElement) sketches.set(canvas, timed(round.drawing));
    }
    repaint();
  }

  /** @param {Round} round @param {string} alphabet @param {Strokes} strokes */
  function item(round, alphabet, strokes) {
    const element = copyOf("result-round");
    const hit = round.outcome === "hit";
    element.dataset.outcome = round.outcome;
    element.dataset.round = String(round.round);
    find(".result-target", HTMLElement, element).textContent = round.target;
    find(".result-mark", HTMLElement, element).innerHTML =
      `<svg viewBox="0 0 24 24"><path d="${hit ? MARKS.hit : MARKS.miss}"/></svg>`;
    find(".result-said", HTMLElement, element).textContent = said(round);
    find("summary", HTMLElement, element).setAttribute("aria-label", `${spoken(round.target)}: ${said(round)}`);
    const canvas = find("canvas", HTMLCanvasElement, element);
    sketches.set(canvas, strokes);
    const details = find("details", HTMLDetailsElement, element);
    details.addEventListener("toggle", () => {
      const place = find(".result-verdict", HTMLElement, element);
      if (!details.open || place.firstChild) return;
      if (round.label === null) {
        place.textContent = "Nothing was drawn, so there is nothing to learn from.";
        return;
      }
      const verdict = createVerdict((label) => postJSON(`/api/rounds/${round.id}/feedback`, { label }));
      verdict.ask(round.label, alphabet);
      const rival = hit ? undefined : round.target;
      const why = createWhy(() => ({ strokes: sketches.get(canvas) ?? [], alphabet, rival }));
      place.append(verdict.element, why.element);
    });
    return element;
  }

  /** @param {string} name @param {string} text */
  function fill(name, text) {
    find(`.result-${name}`, HTMLElement, play).textContent = text;
  }

  return { show };
}

/** @param {Result} result */
function placed({ rank, alphabet, score }) {
  const board = (ALPHABETS[alphabet]?.title ?? alphabet).toLowerCase();
  if (!score) return "Nothing was understood this time. Draw large and plain, one stroke after the other.";
  if (!rank) return "";
  return `${rank}${SUFFIXES[ORDINALS.select(rank)]} of all time in ${board}`;
}

/** @param {Round} round */
function said({ outcome, label, confidence, points }) {
  if (label === null) return outcome === "skip" ? "skipped" : "not drawn";
  const seen = `seen as ${label}${confidence === null ? "" : `, ${percent(confidence)}`}`;
  if (outcome === "hit") return points ? `+${points}, ${seen}` : seen;
  return outcome === "skip" ? `skipped, ${seen}` : `time was up, ${seen}`;
}
