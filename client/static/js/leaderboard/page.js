// The leaderboard page: a board by mode, alphabet and period, and the drawings of a game on it. It follows what is played.

import "../common/page.js";
import { describeError, getJSON } from "../api.js";
import { ALPHABETS } from "../parts/alphabets.js";
import { find, getChoice, setChoice } from "../parts/dom.js";
import { isSameBoard, readPlace, settle, writePlace } from "./address.js";
import { describeChange, findNewGames } from "./changes.js";
import { createGameDialog } from "./game-dialog.js";
import { showRows } from "./rows.js";

/** @typedef {import("../../../types/api").Leaderboard} Leaderboard */

const LIMIT = 50;
const LIVE_MS = 5_000; // between two looks at the board while the page is in sight
const NAMES = ALPHABETS.map(({ name }) => name);

const board = find(".board", HTMLElement);
const modes = find("[data-testid=board-mode]", HTMLFieldSetElement);
const alphabets = find("[data-testid=board-alphabet]", HTMLFieldSetElement);
const periods = find("[data-testid=board-period]", HTMLFieldSetElement);
const problem = find(".board-problem", HTMLElement);
const retry = find(".board-retry", HTMLButtonElement);
const news = find(".board-news", HTMLElement);

const dialog = createGameDialog(() => {
  if (place.game) goTo({ ...place, game: null });
});
let place = readPlace(location.search, NAMES);
let requests = 0; // how many were sent so far: answers to older requests are not shown
/** @type {Leaderboard | null} what the page shows of the board at this place */
let shown = null;

/** @param {import("./address.js").Place} next */
function goTo(next) {
  const before = place;
  place = settle(next);
  history.pushState(null, "", writePlace(place));
  showPlace(!isSameBoard(before, place));
}

/** @param {boolean} isOtherBoard whether another board was shown before */
function showPlace(isOtherBoard) {
  setChoice(modes, place.mode);
  setChoice(alphabets, place.alphabet);
  setChoice(periods, place.period);
  periods.hidden = place.mode === "daily";
  if (isOtherBoard) loadBoard();
  if (place.game) dialog.open(place.game);
  else dialog.close();
}

async function loadBoard() {
  shown = null;
  news.textContent = "";
  board.setAttribute("aria-busy", "true");
  const number = ++requests;
  try {
    const leaderboard = await fetchBoard();
    if (number !== requests) return;
    showBoard(leaderboard, []);
    if (location.hash === "#you") find("tbody", HTMLElement, board).querySelector("[data-you]")?.scrollIntoView({ block: "center" });
  } catch (error) {
    if (number !== requests) return;
    problem.textContent = describeError(error);
    board.dataset.state = "failed";
  } finally {
    if (number === requests) board.setAttribute("aria-busy", "false");
  }
}

/** Show what has changed since. While the server does not answer, what is there stays. */
async function refreshBoard() {
  if (document.hidden || !shown) return;
  const number = requests;
  const leaderboard = await fetchBoard().catch(() => null);
  if (!leaderboard || !shown || number !== requests) return;
  if (JSON.stringify(leaderboard) === JSON.stringify(shown)) return;
  const text = describeChange(shown, leaderboard);
  showBoard(leaderboard, findNewGames(shown, leaderboard));
  if (text) news.textContent = text;
}

/** @returns {Promise<Leaderboard>} the browser asks only whether it has changed */
function fetchBoard() {
  const { mode, alphabet, period } = place;
  return getJSON(`/api/leaderboard?${new URLSearchParams({ mode, alphabet, period, limit: String(LIMIT) })}`);
}

/** @param {Leaderboard} leaderboard @param {string[]} newGames to point out */
function showBoard(leaderboard, newGames) {
  shown = leaderboard;
  showRows(board, leaderboard, newGames, (game) => goTo({ ...place, game }));
  find(".board-invitation", HTMLAnchorElement).href = `/play?mode=${place.mode}&alphabet=${place.alphabet}`;
  board.dataset.state = leaderboard.entries.length ? "filled" : "empty";
}

for (const choices of [modes, alphabets, periods]) {
  choices.addEventListener("change", () =>
    goTo({ mode: getChoice(modes), alphabet: getChoice(alphabets), period: getChoice(periods), game: null }),
  );
}
retry.addEventListener("click", loadBoard);
addEventListener("popstate", () => {
  const before = place;
  place = readPlace(location.search, NAMES);
  showPlace(!isSameBoard(before, place));
});
document.addEventListener("visibilitychange", refreshBoard);
setInterval(refreshBoard, LIVE_MS);
showPlace(true);
