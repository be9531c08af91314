// The result of a game: the figures, the rank, and every drawing with what was read in it.

import { getJSON, sendLabel } from "../api.js";
import { getTitle } from "../parts/alphabets.js";
import { copyTemplate, find, setText } from "../parts/dom.js";
import { toStrokes } from "../parts/drawing.js";
import { createFeedback } from "../parts/feedback.js";
import { formatPercent, nameCharacter } from "../parts/format.js";
import { paintStrokes } from "../parts/paint.js";
import { explainUnranked } from "../parts/unranked.js";
import { createWhy } from "../parts/why.js";
import { describeRank, describeRound } from "./describe.js";
import { loadBest, saveScore } from "./memory.js";

/** @typedef {import("../parts/geometry.js").Stroke[]} Strokes */
/** @typedef {import("../../../types/protocol").FinishedRound} Round */
/** @typedef {Omit<import("../../../types/protocol").Over, "type">} Over */
/** @typedef {Over & { mode: string, alphabet: string, reason?: string }} Result reason: why the game ended early */

const LEAST_RANKED_HITS = 5; // as in game/rules/tuning.py
const LINE = 44; // width of the line in the small drawings, in units of the square

/** @param {HTMLElement} play */
export function createResult(play) {
  const list = find(".result-rounds", HTMLElement, play);
  /** @type {Map<HTMLCanvasElement, Strokes>} */
  const drawings = new Map();

  function repaint() {
    for (const [canvas, strokes] of drawings) paintStrokes(canvas, strokes, LINE);
  }
  new ResizeObserver(repaint).observe(list);
  document.addEventListener("themechange", repaint);

  /**
   * @param {Result} result
   * @param {Map<number, Strokes>} strokesByRound the drawings that this page saw
   */
  function show(result, strokesByRound) {
    const isScored = result.mode === "sprint";
    play.dataset.scored = String(isScored);
    setText(".result-title", result.reason ?? (isScored ? "Time!" : "Good practice!"), play);
    setText(".result-rank", isScored ? describeRank(result, getTitle(result.alphabet)) : "", play);
    setText(".result-unranked", result.score ? explainUnranked(result) : "", play);
    setText(".result-hits", `${result.hits} of ${result.rounds.length}`, play);
    setText(".result-accuracy", formatPercent(result.accuracy), play);
    setText(".result-combo", String(result.best_combo), play);
    setText("[data-testid=result-score]", String(result.score), play);
    if (isScored) {
      const best = loadBest(result.alphabet);
      // A game with few hits is honest, though it is not ranked.
      const isBest = result.score > best && (!result.unranked || result.hits < LEAST_RANKED_HITS);
      if (isBest) saveScore(result.alphabet, result.score);
      setText(".result-best", isBest ? "this one!" : String(best), play);
    }
    drawings.clear();
    list.replaceChildren(
      ...result.rounds.map((round) => makeItem(round, result.alphabet, strokesByRound.get(round.round) ?? [])),
    );
    play.dataset.rounds = String(result.rounds.length);
    repaint();
    if (result.rounds.some((round) => !strokesByRound.has(round.round))) loadDrawings(result.game);
  }

  /**
   * Ask the server for the drawings: only it has the ones from before a reload of the page.
   *
   * @param {string} game
   */
  async function loadDrawings(game) {
    /** @type {import("../../../types/api").FinishedGame | null} */
    const stored = await getJSON(`/api/games/${encodeURIComponent(game)}`).catch(() => null);
    for (const { round, drawing } of stored?.rounds ?? []) {
      const canvas = list.querySelector(`[data-round="${round}"] canvas`);
      if (canvas instanceof HTMLCanvasElement) drawings.set(canvas, toStrokes(drawing));
    }
    repaint();
  }

  /** @param {Round} round @param {string} alphabet @param {Strokes} strokes */
  function makeItem(round, alphabet, strokes) {
    const item = copyTemplate("result-round");
    item.dataset.outcome = round.outcome;
    item.dataset.round = String(round.round);
    setText(".result-target", round.target, item);
    setText(".result-reading", describeRound(round), item);
    find("summary", HTMLElement, item).setAttribute(
      "aria-label",
      `${nameCharacter(round.target)}: ${describeRound(round)}`,
    );
    const canvas = find("canvas", HTMLCanvasElement, item);
    drawings.set(canvas, strokes);
    const details = find("details", HTMLDetailsElement, item);
    const container = find(".result-feedback", HTMLElement, item);
    details.addEventListener("toggle", () => {
      if (details.open && !container.firstChild) fillDetails(container, round, alphabet, canvas);
    });
    return item;
  }

  /** @param {HTMLElement} container @param {Round} round @param {string} alphabet @param {HTMLCanvasElement} canvas */
  function fillDetails(container, round, alphabet, canvas) {
    if (round.label === null) {
      container.textContent = "Nothing was drawn, so there is nothing to learn from.";
      return;
    }
    const feedback = createFeedback((label) => sendLabel(round.id, label));
    feedback.ask(round.label, alphabet);
    const rival = round.outcome === "hit" ? undefined : round.target;
    const why = createWhy(() => ({ strokes: drawings.get(canvas) ?? [], alphabet, rival }));
    container.append(feedback.element, why.element);
  }

  return { show };
}
