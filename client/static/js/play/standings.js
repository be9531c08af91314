// Where a player stands today, this week and of all time. Pure, except for `loadStandings`.

import { getJSON } from "../api.js";
import { formatOrdinal } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").Leaderboard} Leaderboard */
/** @typedef {{ period: string, score: number, rank: string, words: string, link: string }} Standing score: the player's best */

const PERIODS = ["day", "week", "all"]; // a daily has only its day
const LIMIT = 100; // the most that the server lists

/**
 * @param {string} mode
 * @param {string} alphabet
 * @param {string} game the one that has just ended
 * @returns {Promise<Standing[]>} one for each board that the player is on
 */
export async function loadStandings(mode, alphabet, game) {
  const standings = await Promise.all(
    (mode === "daily" ? ["day"] : PERIODS).map(async (period) => {
      const query = new URLSearchParams({ mode, alphabet, period });
      const board = await getJSON(`/api/leaderboard?${query}&limit=${LIMIT}`);
      return describeStanding(board, game, period, `/leaderboard?${query}#you`);
    }),
  );
  return standings.flatMap((standing) => standing ?? []);
}

/**
 * @param {Leaderboard} board
 * @param {string} game
 * @param {string} period
 * @param {string} link to the player's row
 * @returns {Standing | null} null if the player is not on this board
 */
export function describeStanding({ entries, you }, game, period, link) {
  if (!you) return null;
  const next = you.rank === 1 ? entries[1] : (entries[you.rank - 2] ?? entries.at(-1));
  const points = next ? Math.abs(next.score - you.score) : 0;
  const values = { points, count: points, name: next?.player ?? "" };
  const words = [
    you.game === game ? "" : t("result.with_earlier", { points: you.score }),
    next ? t(you.rank === 1 ? "result.ahead" : points ? "result.behind" : "result.level", values) : "",
    period === "day" && you.rank > 2 ? t("result.days_best", { points: entries[0].score, name: entries[0].player }) : "",
  ];
  return { period, score: you.score, rank: formatOrdinal(you.rank), words: words.filter(Boolean).join(" "), link };
}
