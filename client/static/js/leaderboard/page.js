// The leaderboard page: a board by alphabet and period, and the drawings of a game on it.

import "../common/page.js";
import { describeError, getJSON } from "../api.js";
import { ALPHABETS } from "../parts/alphabets.js";
import { find, getChoice, setChoice } from "../parts/dom.js";
import { readPlace, writePlace } from "./address.js";
import { createGameDialog } from "./game-dialog.js";
import { showRows } from "./rows.js";

const LIMIT = 50;
const NAMES = ALPHABETS.map(({ name }) => name);

const board = find(".board", HTMLElement);
const alphabets = find("[data-testid=board-alphabet]", HTMLFieldSetElement);
const periods = find("[data-testid=board-period]", HTMLFieldSetElement);
const problem = find(".board-problem", HTMLElement);
const retry = find(".board-retry", HTMLButtonElement);
const invitation = find(".board-invitation", HTMLAnchorElement);

const dialog = createGameDialog(() => {
  if (place.game) goTo({ ...place, game: null });
});
let place = readPlace(location.search, NAMES);
let requests = 0; // how many were sent so far: answers to older requests are not shown

/** @param {import("./address.js").Place} next */
function goTo(next) {
  const isSameBoard = next.alphabet === place.alphabet && next.period === place.period;
  place = next;
  history.pushState(null, "", writePlace(place));
  showPlace(!isSameBoard);
}

/** @param {boolean} isOtherBoard whether another board was shown before */
function showPlace(isOtherBoard) {
  setChoice(alphabets, place.alphabet);
  setChoice(periods, place.period);
  if (isOtherBoard) loadBoard();
  if (place.game) dialog.open(place.game);
  else dialog.close();
}

async function loadBoard() {
  const number = ++requests;
  board.setAttribute("aria-busy", "true");
  const { alphabet, period } = place;
  try {
    const query = new URLSearchParams({ mode: "sprint", alphabet, period, limit: String(LIMIT) });
    /** @type {import("../../../types/api").Leaderboard} */
    const leaderboard = await getJSON(`/api/leaderboard?${query}`);
    if (number !== requests) return;
    showRows(board, leaderboard, (game) => goTo({ ...place, game }));
    invitation.href = `/play?alphabet=${alphabet}`;
    board.dataset.state = leaderboard.entries.length ? "filled" : "empty";
  } catch (error) {
    if (number !== requests) return;
    problem.textContent = describeError(error);
    board.dataset.state = "failed";
  } finally {
    if (number === requests) board.setAttribute("aria-busy", "false");
  }
}

for (const choices of [alphabets, periods]) {
  choices.addEventListener("change", () =>
    goTo({ alphabet: getChoice(alphabets), period: getChoice(periods), game: null }),
  );
}
retry.addEventListener("click", loadBoard);
addEventListener("popstate", () => {
  const before = place;
  place = readPlace(location.search, NAMES);
  showPlace(before.alphabet !== place.alphabet || before.period !== place.period);
});
showPlace(true);
