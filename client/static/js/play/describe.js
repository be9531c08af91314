// A finished game and its rounds in words. Pure.

import { formatOrdinal, formatPercent } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/protocol").FinishedRound} Round */

/**
 * @param {{ score: number, rank: number | null }} result
 * @param {string} alphabet its title on pages
 * @returns {string} its rank, or advice; empty if the rank is unknown
 */
export function describeRank({ score, rank }, alphabet) {
  if (!score) return t("result.unread");
  return rank ? t("result.all_time_rank", { rank: formatOrdinal(rank), alphabet }) : "";
}

/**
 * @param {Pick<Round, "outcome" | "label" | "confidence" | "points">} round
 * @returns {string} such as "+85, read as 7, 98%"
 */
export function describeRound({ outcome, label, confidence, points }) {
  if (label === null) return t(outcome === "skip" ? "result.skipped" : "result.not_drawn");
  const reading =
    confidence === null
      ? t("result.reading", { label })
      : t("result.reading_share", { label, share: formatPercent(confidence) });
  return outcome === "hit" && !points ? reading : t(`result.round_${outcome}`, { points, reading });
}
