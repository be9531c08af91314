// A round of a finished game in words. Pure.

import { formatPercent, nameCharacter } from "../parts/format.js";

/** @typedef {import("../../../types/api").GameRound} Round */

const OUTCOMES = { hit: "Understood", skip: "Skipped", timeout: "Out of time" };

/** @param {Pick<Round, "outcome">} round @returns {string} */
export function describeOutcome({ outcome }) {
  return outcome === null ? "" : OUTCOMES[outcome];
}

/** @param {Pick<Round, "label" | "confidence">} round @returns {string} such as "I read uppercase S, 98% sure." */
export function describeReading({ label, confidence }) {
  if (label === null) return "Nothing was drawn.";
  const sure = confidence === null ? "" : `, ${formatPercent(confidence)} sure`;
  return `I read ${nameCharacter(label)}${sure}.`;
}
