// A round of a finished game in words. Pure.

import { formatPercent, nameCharacter } from "../parts/format.js";
import { compareHit } from "../parts/look-alikes.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").GameRound} Round */

/** @param {Pick<Round, "outcome">} round @returns {string} */
export function describeOutcome({ outcome }) {
  return outcome === null ? "" : t(`leaderboard.outcome_${outcome}`);
}

/**
 * @param {Pick<Round, "outcome" | "target" | "label" | "confidence">} round
 * @returns {string} such as "I read uppercase S, 98% sure."
 */
export function describeReading({ outcome, target, label, confidence }) {
  if (label === null) return t("leaderboard.nothing_drawn");
  const character = nameCharacter(label);
  const hit = compareHit({ outcome, target, label });
  if (target !== null && (hit === "alike" || hit === "close")) {
    return t(`leaderboard.reading_${hit}`, { character, target: nameCharacter(target) });
  }
  if (confidence === null) return t("leaderboard.reading", { character });
  return t("leaderboard.reading_sure", { character, share: formatPercent(confidence) });
}
