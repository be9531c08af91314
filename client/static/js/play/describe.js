// A finished game and its rounds in words. Pure.

import { formatOrdinal, formatPercent } from "../parts/format.js";

/** @typedef {import("../../../types/protocol").FinishedRound} Round */

/**
 * @param {{ score: number, rank: number | null }} result
 * @param {string} alphabet its title on pages
 * @returns {string} its rank, or advice; empty if the rank is unknown
 */
export function describeRank({ score, rank }, alphabet) {
  if (!score) return "I could not read anything this time. Draw large and clear, one stroke after the other.";
  return rank ? `${formatOrdinal(rank)} of all time in ${alphabet.toLowerCase()}` : "";
}

/**
 * @param {Pick<Round, "outcome" | "label" | "confidence" | "points">} round
 * @returns {string} such as "+85, read as 7, 98%"
 */
export function describeRound({ outcome, label, confidence, points }) {
  if (label === null) return outcome === "skip" ? "skipped" : "not drawn";
  const reading = `read as ${label}${confidence === null ? "" : `, ${formatPercent(confidence)}`}`;
  if (outcome === "hit") return points ? `+${points}, ${reading}` : reading;
  return outcome === "skip" ? `skipped, ${reading}` : `out of time, ${reading}`;
}
