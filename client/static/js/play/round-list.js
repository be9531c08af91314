// Every drawing of a game, with what was read in it. Each opens to be corrected and explained.

import { sendLabel } from "../api.js";
import { copyTemplate, find, setText } from "../parts/dom.js";
import { createFeedback } from "../parts/feedback.js";
import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { paintStrokes } from "../parts/paint.js";
import { createWhy } from "../parts/why.js";
import { describeRound } from "./describe.js";
import { getDrawings, loadGame } from "./stored-game.js";

/** @typedef {import("../parts/geometry.js").Stroke[]} Strokes */
/** @typedef {import("../../../types/protocol").FinishedRound} Round */

const LINE = 44; // width of the line in the small drawings, in units of the square

/** @param {HTMLElement} list */
export function createRoundList(list) {
  /** @type {Map<HTMLCanvasElement, Strokes>} */
  const drawings = new Map();

  function repaint() {
    for (const [canvas, strokes] of drawings) paintStrokes(canvas, strokes, LINE);
  }
  new ResizeObserver(repaint).observe(list);
  document.addEventListener("themechange", repaint);

  /**
   * Ask the server for the drawings: only it has the ones from before a reload of the page.
   *
   * @param {string} game
   */
  async function loadDrawings(game) {
    const stored = await loadGame(game).catch(() => null);
    for (const [round, strokes] of stored ? getDrawings(stored) : []) {
      const canvas = list.querySelector(`[data-round="${round}"] canvas`);
      if (canvas instanceof HTMLCanvasElement) drawings.set(canvas, strokes);
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
      container.textContent = t("result.nothing_drawn");
      return;
    }
    const feedback = createFeedback((label) => sendLabel(round.id, label));
    feedback.ask(round.label, alphabet);
    const rival = round.outcome === "hit" ? undefined : round.target;
    const why = createWhy(() => ({ strokes: drawings.get(canvas) ?? [], alphabet, rival }));
    container.append(feedback.element, why.element);
  }

  return {
    /**
     * @param {string} game its id
     * @param {Round[]} rounds
     * @param {string} alphabet
     * @param {Map<number, Strokes>} strokesByRound the drawings that this page has
     */
    show(game, rounds, alphabet, strokesByRound) {
      drawings.clear();
      list.replaceChildren(...rounds.map((round) => makeItem(round, alphabet, strokesByRound.get(round.round) ?? [])));
      repaint();
      if (rounds.some((round) => !strokesByRound.has(round.round))) loadDrawings(game);
    },
  };
}
