// The rows of a board.

import { copyOf, find, make } from "../parts/page.js";

/**
 * @typedef {object} Entry
 * @property {number} rank
 * @property {string} player
 * @property {number} score
 * @property {number} hits
 * @property {number} accuracy share of the prompts that were hit
 * @property {number} best_combo
 * @property {string} at
 * @property {string} game
 */

const NUMBER = new Intl.NumberFormat("en");
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/**
 * @param {HTMLElement} board
 * @param {{ entries: Entry[], you: Entry | null }} answer
 * @param {(game: string) => void} open
 */
export function showEntries(board, { entries, you }, open) {
  const body = find("tbody", HTMLTableSectionElement, board);
  const isYou = (/** @type {Entry} */ entry) => entry.game === you?.game;
  const rows = entries.map((entry) => row(entry, isYou(entry), open));
  if (you && !entries.some(isYou)) {
    rows.push(make("tr", { class: "board-gap", "aria-hidden": "true" }, make("td", { colspan: 7 }, "⋮")));
    rows.push(row(you, true, open));
  }
  body.replaceChildren(...rows);
}

/**
 * @param {Entry} entry
 * @param {boolean} yours
 * @param {(game: string) => void} open
 */
function row(entry, yours, open) {
  const element = copyOf("entry");
  element.dataset.rank = String(entry.rank);
  if (yours) element.dataset.you = "true";
  const fill = (/** @type {string} */ name, /** @type {string} */ text) => {
    find(`.entry-${name}`, HTMLElement, element).textContent = text;
  };
  fill("rank-number", String(entry.rank));
  fill("player", entry.player);
  fill("score", NUMBER.format(entry.score));
  fill("hits", String(entry.hits));
  fill("small", `${entry.hits} hits, ${Math.round(entry.accuracy * 100)}%`);
  fill("accuracy", `${Math.round(entry.accuracy * 100)}%`);
  fill("combo", String(entry.best_combo));
  const at = new Date(entry.at);
  const when = find("time", HTMLTimeElement, element);
  when.textContent = DAY.format(at);
  when.dateTime = entry.at;
  when.title = MOMENT.format(at);
  find(".entry-you", HTMLElement, element).hidden = !yours;
  // The whole row opens the game; the button is what the keyboard and screen readers find.
  element.addEventListener("click", () => open(entry.game));
  return element;
}
