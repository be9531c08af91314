// How a round ends on the paper: the stamp in the corner, and the ink, which dries into it on a hit and smudges on a miss.

import { find, make, restartAnimation } from "../parts/dom.js";
import { PAD_AREA } from "../parts/geometry.js";
import { t } from "../parts/messages.js";
import { PAD_LINE } from "../parts/pad-painter.js";
import { paintStrokes } from "../parts/paint.js";

/** @typedef {import("../../../types/protocol").Verdict} Verdict */
/** @typedef {import("../parts/geometry.js").Stroke} Stroke */

const STAMP_MS = 1_100;
const MILESTONE_MS = 1_900;
const DRYING_MS = 700;
const MILESTONES = [5, 12, 20];
const MILESTONE_EVERY = 10; // from 30 on

/**
 * Pure.
 *
 * @param {number} combo hits in a row
 * @returns {boolean} whether this many are celebrated: those that add time to a sprint
 */
export function isMilestone(combo) {
  return MILESTONES.includes(combo) || (combo >= 30 && combo % MILESTONE_EVERY === 0);
}

/**
 * @param {Pick<Verdict, "bonus_ms" | "combo" | "target"> & Partial<Pick<Verdict, "known">>} hit
 * @param {string} [name] what its character is called
 * @returns {string} what is special about it; empty if nothing is
 */
export function describePraise({ bonus_ms, combo, target, known: isKnown }, name = target) {
  const texts = [
    isMilestone(combo) ? t("game.in_a_row", { count: combo }) : "",
    bonus_ms > 0 ? t("game.bonus", { seconds: bonus_ms / 1000 }) : "",
  ];
  // One line is enough: that a character is known now is also said in the result.
  return texts.filter(Boolean).join(" ") || (isKnown ? t("game.known", { character: name }) : "");
}

/** @param {HTMLElement} game */
export function createStamp(game) {
  const stamp = find(".play-stamp", HTMLElement, game);
  const drying = find(".play-drying", HTMLCanvasElement, game);

  /** @type {Map<HTMLElement, number>} */
  const timers = new Map();

  /** @param {HTMLElement} element @param {number} ms how long it is in sight */
  function showBriefly(element, ms) {
    restartAnimation(element);
    clearTimeout(timers.get(element));
    timers.set(
      element,
      setTimeout(() => element.classList.remove("is-new"), ms),
    );
  }

  return {
    /**
     * @param {import("./game-view.js").Ending} verdict
     * @param {Stroke[]} strokes what was drawn
     */
    show(verdict, strokes) {
      const { outcome, target, points, combo } = verdict;
      const isHit = outcome === "hit";
      const isBig = isHit && isMilestone(combo);
      const gain = isHit && points ? make("span", { class: "stamp-points" }, `+${points}`) : "";
      const praise = isHit ? describePraise(verdict) : "";
      stamp.replaceChildren(
        make("b", {}, target),
        gain,
        praise ? make("span", { class: "stamp-praise" }, praise) : "",
      );
      stamp.dataset.outcome = drying.dataset.outcome = outcome;
      stamp.dataset.milestone = String(isBig);
      showBriefly(stamp, isBig ? MILESTONE_MS : STAMP_MS);
      if (!strokes.length) return;
      paintStrokes(drying, strokes, PAD_LINE, PAD_AREA);
      showBriefly(drying, DRYING_MS);
    },
  };
}
