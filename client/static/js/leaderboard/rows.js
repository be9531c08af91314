// The rows of a leaderboard.

import { copyTemplate, find, make, setText } from "../parts/dom.js";
import { formatDate, formatNumber, formatPercent } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").LeaderboardEntry} Entry */

/**
 * @param {HTMLElement} board
 * @param {import("../../../types/api").Leaderboard} leaderboard
 * @param {string[]} newGames to point out
 * @param {(game: string) => void} openGame
 */
export function showRows(board, { entries, you }, newGames, openGame) {
  const focused = document.activeElement?.closest("tr")?.dataset.game;
  const isYou = (/** @type {Entry} */ entry) => entry.game === you?.game;
  /** @type {HTMLElement[]} */
  const rows = entries.map((entry) => makeRow(entry, isYou(entry), openGame));
  if (you && !entries.some(isYou)) {
    rows.push(make("tr", { class: "board-gap", "aria-hidden": "true" }, make("td", { colspan: 7 }, "⋮")));
    rows.push(makeRow(you, true, openGame));
  }
  for (const row of rows) row.dataset.new = String(newGames.includes(row.dataset.game ?? ""));
  find("tbody", HTMLTableSectionElement, board).replaceChildren(...rows);
  rows.find((row) => focused && row.dataset.game === focused)?.querySelector("button")?.focus({ preventScroll: true });
}

/**
 * @param {Entry} entry
 * @param {boolean} isYou
 * @param {(game: string) => void} openGame
 */
function makeRow(entry, isYou, openGame) {
  const row = copyTemplate("entry");
  row.dataset.rank = String(entry.rank);
  row.dataset.game = entry.game;
  if (isYou) row.dataset.you = "true";
  const accuracy = formatPercent(entry.accuracy);
  setText(".entry-rank-number", String(entry.rank), row);
  setText(".entry-player", entry.player, row);
  setText(".entry-score", formatNumber(entry.score), row);
  setText(".entry-hits", String(entry.hits), row);
  setText(".entry-details", t("leaderboard.details", { count: entry.hits, accuracy }), row);
  setText(".entry-accuracy", accuracy, row);
  setText(".entry-combo", String(entry.best_combo), row);
  const time = find("time", HTMLTimeElement, row);
  time.textContent = formatDate(entry.at, { day: "numeric", month: "short" });
  time.dateTime = entry.at;
  time.title = formatDate(entry.at, { dateStyle: "medium", timeStyle: "short" });
  find(".entry-you", HTMLElement, row).hidden = !isYou;
  // The whole row opens the game; keyboards and screen readers use the button in it.
  row.addEventListener("click", () => openGame(entry.game));
  return row;
}
