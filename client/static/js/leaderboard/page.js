// The leaderboard: a board by alphabet and period, and the drawings of a game on it.

import { getJSON } from "../api.js";
import { find, sentence } from "../parts/page.js";
import { readPlace, writePlace } from "./address.js";
import { showEntries } from "./entries.js";
import { createGameView } from "./game.js";

const LIMIT = 50;

const board = find(".board", HTMLElement);
const alphabets = find("[data-testid=board-alphabet]", HTMLFieldSetElement);
const periods = find("[data-testid=board-period]", HTMLFieldSetElement);
const problem = find(".board-problem", HTMLElement);
const retry = find(".board-retry", HTMLButtonElement);
const invitation = find(".board-invitation", HTMLAnchorElement);

const game = createGameView(() => {
  if (place.game) go({ ...place, game: null });
});
let place = readPlace(location.search);
let asked = 0;

/**
 * @param {import("./address.js").Place} next
 */
function go(next) {
  const sameBoard = next.alphabet === place.alphabet && next.period === place.period;
  place = next;
  history.pushState(null, "", writePlace(place));
  show(!sameBoard);
}

/** @param {boolean} load whether the board is another one than the one on show */
function show(load) {
  check(alphabets, place.alphabet);
  check(periods, place.period);
  if (load) fetchBoard();
  if (place.game) game.open(place.game);
  else game.close();
}

async function fetchBoard() {
  const mine = ++asked;
  board.setAttribute("aria-busy", "true");
  const { alphabet, period } = place;
  try {
    const answer = await getJSON(
      `/api/leaderboard?${new URLSearchParams({ mode: "sprint", alphabet, period, limit: String(LIMIT) })}`,
    );
    if (mine !== asked) return;
    showEntries(board, answer, (id) => go({ ...place, game: id }));
    invitation.href = `/play?alphabet=${alphabet}`;
    board.dataset.state = answer.entries.length ? "filled" : "empty";
  } catch (error) {
    if (mine !== asked) return;
    problem.textContent = sentence(error);
    board.dataset.state = "failed";
  } finally {
    if (mine === asked) board.setAttribute("aria-busy", "false");
  }
}

/**
 * @param {HTMLFieldSetElement} choices
 * @param {string} value
 */
function check(choices, value) {
  for (const radio of choices.querySelectorAll("input")) radio.checked = radio.value === value;
}

/** @param {HTMLFieldSetElement} choices */
function checked(choices) {
  return find("input:checked", HTMLInputElement, choices).value;
}

for (const choices of [alphabets, periods]) {
  choices.addEventListener("change", () =>
    go({ alphabet: checked(alphabets), period: checked(periods), game: null }),
  );
}
retry.addEventListener("click", fetchBoard);
addEventListener("popstate", () => {
  const before = place;
  place = readPlace(location.search);
  show(before.alphabet !== place.alphabet || before.period !== place.period);
});
show(true);
