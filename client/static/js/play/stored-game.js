// A finished game as the server has it.

import { ApiError, getJSON } from "../api.js";
import { toStrokes } from "../parts/drawing.js";

/** @typedef {import("../../../types/api").FinishedGame} FinishedGame */
/** @typedef {import("../parts/geometry.js").Stroke} Stroke */
/** @typedef {import("../../../types/protocol").FinishedRound} FinishedRound */

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

/** @param {string} game its id @returns {Promise<FinishedGame>} */
export function loadGame(game) {
  return getJSON(`/api/games/${encodeURIComponent(game)}`);
}

/** @param {string} game its id @returns {Promise<FinishedGame>} without its drawings, which are most of it */
export function loadScores(game) {
  return getJSON(`/api/games/${encodeURIComponent(game)}?drawings=false`);
}

/**
 * Ask for a game until it is there: a lost game ends within seconds, and the server may be away meanwhile.
 *
 * @param {string} game its id
 * @param {number} forMs how long to ask
 * @param {() => boolean} [isWanted] asked before each try
 * @returns {Promise<FinishedGame | null>} null if it did not come
 */
export async function awaitGame(game, forMs, isWanted = () => true) {
  const until = performance.now() + forMs;
  let wait = FIRST_WAIT_MS;
  while (isWanted()) {
    try {
      return await loadGame(game);
    } catch (error) {
      const mayCome = error instanceof ApiError && (error.status === 0 || error.status === 404 || error.status >= 500);
      if (!mayCome || performance.now() > until) return null;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(1.5 * wait, LONGEST_WAIT_MS);
  }
  return null;
}

/**
 * Pure.
 *
 * @param {FinishedGame} stored
 * @returns {Omit<import("../../../types/protocol").Over, "type">} the same in the form of the message that ends a game
 */
export function toOver(stored) {
  const { game, score, hits, accuracy, best_combo, unranked, unranked_code } = stored;
  const rounds = stored.rounds.map(
    (round) => /** @type {FinishedRound} */ ({ ...round, points: round.points ?? 0, duration_ms: round.duration_ms ?? 0 }),
  );
  return { game, score, hits, rounds, accuracy, best_combo, rank: null, unranked, unranked_code };
}

/**
 * Pure.
 *
 * @param {FinishedGame} stored
 * @returns {Map<number, Stroke[]>} the drawing of each round
 */
export function getDrawings(stored) {
  return new Map(stored.rounds.map(({ round, drawing }) => [round, toStrokes(drawing)]));
}
