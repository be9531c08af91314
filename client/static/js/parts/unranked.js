// Why a game is on no leaderboard.

import { hasMessage, t } from "./messages.js";
import { LEAST_RANKED_HITS } from "./tuning.js";

/**
 * @param {{ hits: number, unranked?: string | null, unranked_code?: string | null }} game with the reason as the server
 *   says it, in English, and its code
 * @returns {string} the same in whole sentences; empty if there is no reason
 */
export function explainUnranked({ hits, unranked, unranked_code }) {
  if (!unranked) return "";
  const key = `unranked.${unranked_code}`;
  const reason = hasMessage(key) ? t(key, { needed: LEAST_RANKED_HITS, hits }) : unranked;
  return t("unranked.because", { reason });
}
