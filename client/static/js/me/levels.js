// How weak a character is, from its figures. Pure: numbers in, numbers out.

/** @typedef {import("../../../types/api").CharacterProgressBody} Character */
/** @typedef {import("../../../types/api").FiguresBody} Figures */
/** @typedef {"accuracy" | "speed"} Measure */

/** With fewer rounds, figures say little. */
export const FEW_ROUNDS = 3;

/** With fewer rounds altogether, the whole page says little. */
export const FEW_IN_ALL = 30;

const ACCURACIES = [0.95, 0.85, 0.7, 0.5]; // the least of each level but the last
const SLOWNESS = [1, 1.25, 1.6, 2.2]; // the most of each level but the last, compared with the player's typical time
const STEADY = 0.2; // change that says nothing

/**
 * @param {Measure} measure
 * @param {Figures} figures of a character
 * @param {number | null} usualMs the player's typical time of a hit
 * @returns {number | "few"} from 0, strong, to 4, weak
 */
export function getLevel(measure, { rounds, accuracy, median_ms: ms }, usualMs) {
  if (rounds < FEW_ROUNDS) return "few";
  if (measure === "accuracy") return ACCURACIES.filter((least) => accuracy < least).length;
  if (ms === null) return SLOWNESS.length;
  return SLOWNESS.filter((most) => ms > most * (usualMs ?? ms)).length;
}

/**
 * @param {Figures[]} trend oldest first
 * @returns {"better" | "steady" | "worse" | null} null if there is nothing to compare
 */
export function compareTrend(trend) {
  if (trend.length < 2) return null;
  const half = Math.floor(trend.length / 2);
  const [before, after] = [estimateMs(trend.slice(0, half)), estimateMs(trend.slice(-half))];
  if (after === before || Math.min(before, after) >= (1 - STEADY) * Math.max(before, after)) return "steady";
  return after < before ? "better" : "worse";
}

/** @param {Figures[]} parts @returns {number} about how long a hit took, misses included */
function estimateMs(parts) {
  const rounds = parts.reduce((sum, part) => sum + part.rounds, 0);
  const hits = parts.reduce((sum, part) => sum + part.hits, 0);
  const ms = parts.reduce((sum, part) => sum + part.hits * (part.median_ms ?? 0), 0);
  return hits ? (ms / hits) * (rounds / hits) : Infinity;
}
