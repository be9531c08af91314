// What has changed on a board since it was last shown. Pure.

import { formatOrdinal } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").Leaderboard} Leaderboard */

/**
 * @param {Leaderboard} before
 * @param {Leaderboard} after
 * @returns {string[]} the ids of the games that are new on the board, best first
 */
export function findNewGames(before, after) {
  const known = new Set(listEntries(before).map(({ game }) => game));
  return listEntries(after)
    .map(({ game }) => game)
    .filter((game) => !known.has(game));
}

/**
 * @param {Leaderboard} before
 * @param {Leaderboard} after
 * @returns {string} the one change that matters most to the reader; empty if nobody has come or gone up
 */
export function describeChange(before, after) {
  if (after.you && after.you.rank !== before.you?.rank) {
    return t("leaderboard.you_now", { rank: formatOrdinal(after.you.rank) });
  }
  const [game] = findNewGames(before, after);
  const entry = listEntries(after).find((each) => each.game === game);
  return entry
    ? t("leaderboard.now", { name: entry.player, rank: formatOrdinal(entry.rank), count: entry.score })
    : "";
}

/** @param {Leaderboard} leaderboard */
function listEntries({ entries, you }) {
  return you && !entries.some(({ game }) => game === you.game) ? [...entries, you] : entries;
}
