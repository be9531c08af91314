// A finished game as a ghost: how its score grew with the time on its clock. Pure.
//
// Two games are compared at the same time spent, not at the same time of day: what a clock counts are the rounds, and what
// skips cost. So it does not matter how long the server or a reload of the page took, nor how much time hits have added.

import { toStrokes } from "../parts/drawing.js";
import { SKIP_COST_MS } from "../parts/tuning.js";

/** @typedef {import("../../../types/api").FinishedGame} FinishedGame */
/** @typedef {import("../parts/geometry.js").Stroke} Stroke */
/** @typedef {{ ms: number, score: number, target: string, strokes: Stroke[] }} Moment when a round ended: ms spent by then */
/** @typedef {{ game: string, score: number, moments: Moment[] }} Track */

/**
 * @param {{ outcome: string | null, duration_ms: number | null }} round
 * @returns {number} ms that it took off the clock
 */
function getCost({ outcome, duration_ms }) {
  return (duration_ms ?? 0) + (outcome === "skip" ? SKIP_COST_MS : 0);
}

/** @param {Pick<FinishedGame, "game" | "score" | "rounds">} finished @returns {Track} */
export function makeTrack({ game, score: finalScore, rounds }) {
  let [ms, score] = [0, 0];
  const moments = rounds.map((round) => {
    ms += getCost(round);
    score += round.points ?? 0;
    return { ms, score, target: round.target ?? "", strokes: toStrokes(round.drawing) };
  });
  return { game, score: finalScore, moments };
}

/**
 * @param {Track} track
 * @param {number} ms spent
 * @returns {number} how many of its rounds had ended by then
 */
export function countEnded({ moments }, ms) {
  const next = moments.findIndex((moment) => moment.ms > ms);
  return next < 0 ? moments.length : next;
}

/**
 * The time that a running game has spent. It learns of the game from the server's messages.
 *
 * @param {() => number} now ms
 */
export function createSpentTime(now) {
  let endedMs = 0; // of the rounds that have ended
  /** @type {number | null} when the open round began; null while none is open */
  let openSince = null;

  return {
    /** @param {{ outcome: string | null, duration_ms: number | null }[]} rounds all that have ended */
    restart(rounds) {
      endedMs = rounds.reduce((sum, round) => sum + getCost(round), 0);
      openSince = null;
    },
    /** @param {number} elapsedMs since the open round began; negative during a countdown */
    open(elapsedMs) {
      openSince = now() - elapsedMs;
    },
    /** @param {{ outcome: string | null, duration_ms: number | null }} round that has ended */
    end(round) {
      endedMs += getCost(round);
      openSince = null;
    },
    /** @returns {number} ms */
    get() {
      return endedMs + (openSince === null ? 0 : Math.max(0, now() - openSince));
    },
  };
}
