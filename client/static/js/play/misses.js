// How often each character was missed since it was last understood.

import { loadMisses, saveMisses } from "./memory.js";

/** Misses of one character after which the page shows how others write it. */
const MANY_MISSES = 3;

/** @typedef {Pick<import("../../../types/protocol").FinishedRound, "target" | "outcome">} Round */

/**
 * Pure.
 *
 * @param {Record<string, number>} misses by character
 * @param {Round} round
 * @returns {Record<string, number>} with the round counted; a character that was understood is no longer listed
 */
export function countMiss(misses, { target, outcome }) {
  const { [target]: before = 0, ...others } = misses;
  return outcome === "hit" ? others : { ...others, [target]: before + 1 };
}

/**
 * Count a round that has just ended.
 *
 * @param {Round} round
 * @returns {boolean} whether its character has been missed often
 */
export function noteRound(round) {
  const misses = countMiss(loadMisses(), round);
  saveMisses(misses);
  return (misses[round.target] ?? 0) >= MANY_MISSES;
}

/**
 * @param {Round[]} rounds
 * @returns {string[]} the characters among theirs that have been missed often, each once
 */
export function listMissed(rounds) {
  const misses = loadMisses();
  const targets = new Set(rounds.map(({ target }) => target));
  return [...targets].filter((target) => (misses[target] ?? 0) >= MANY_MISSES);
}
