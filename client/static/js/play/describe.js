// A finished game and its rounds in words. Pure.

import { formatOrdinal, formatPercent } from "../parts/format.js";
import { compareHit } from "../parts/look-alikes.js";
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
 * @param {Pick<Round, "outcome" | "target" | "label" | "confidence" | "points">} round
 * @returns {string} such as "+85, read as 7, 98%" or "+85, close to o, taken as v"
 */
export function describeRound(round) {
  const { outcome, label, points } = round;
  if (label === null) return t(outcome === "skip" ? "result.skipped" : "result.not_drawn");
  const reading = describeReading({ ...round, label });
  return outcome === "hit" && !points ? reading : t(`result.round_${outcome}`, { points, reading });
}

/** @param {Pick<Round, "outcome" | "target" | "confidence"> & { label: string }} round @returns {string} */
function describeReading({ outcome, target, label, confidence }) {
  const hit = compareHit({ outcome, target, label });
  if (hit === "alike" || hit === "close") return t(`result.reading_${hit}`, { label, target });
  if (confidence === null) return t("result.reading", { label });
  return t("result.reading_share", { label, share: formatPercent(confidence) });
}
