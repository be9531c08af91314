import assert from "node:assert/strict";
import test from "node:test";

import { describeChange, findNewGames } from "../../client/static/js/leaderboard/changes.js";
import { setMessages } from "../../client/static/js/parts/messages.js";

setMessages("en", {
  format: { ordinal: { one: "{count}st", two: "{count}nd", few: "{count}rd", other: "{count}th" } },
  leaderboard: { you_now: "you {rank}", now: { one: "{name} {rank} {count}", other: "{name} {rank} {count}" } },
});

/** @param {string} game @param {number} rank @param {number} score */
function place(game, rank, score) {
  return { game, rank, score, player: `player of ${game}`, hits: 9, accuracy: 1, best_combo: 5, at: "2026-11-26T12:00:00Z" };
}

const BOARD = { entries: [place("a", 1, 300), place("b", 2, 200)], you: null };

test("a board that stays the same has no news", () => {
  assert.deepEqual(findNewGames(BOARD, BOARD), []);
  assert.equal(describeChange(BOARD, BOARD), "");
});

test("a new game is news, and the best of several is named", () => {
  const after = { entries: [place("a", 1, 300), place("c", 2, 250), place("d", 3, 240)], you: null };
  assert.deepEqual(findNewGames(BOARD, after), ["c", "d"]);
  assert.equal(describeChange(BOARD, after), "player of c 2nd 250");
});

test("the reader's own rank matters most, also below the board", () => {
  const before = { ...BOARD, you: place("me", 60, 10) };
  const after = { entries: [place("c", 1, 400), ...BOARD.entries], you: place("me", 61, 10) };
  assert.equal(describeChange(before, after), "you 61st");
  assert.deepEqual(findNewGames(BOARD, before), ["me"]);
});
