// Who is where in a room, how its board is laid out, and what its report says.

import assert from "node:assert/strict";
import test from "node:test";

import { normalizeCode, readPath } from "../../client/static/js/rooms/codes.js";
import { findNear, findNewcomers, rankPlayers } from "../../client/static/js/rooms/ranking.js";
import { makeMatrix } from "../../client/static/js/report/matrix.js";
import { useVendored } from "./support.mjs";

useVendored();
const { fitCards } = await import("../../client/static/js/rooms/board.js");

/** @param {number} seat @param {number} score */
function player(seat, score) {
  return { seat, score, name: `Player ${seat}`, connected: true, hits: 0, combo: 0, over: false, hidden: false };
}

test("players stand by their scores, and equal scores share a rank", () => {
  const ranked = rankPlayers([player(1, 10), player(2, 30), player(3, 30), player(4, 0)]);
  assert.deepEqual(ranked.map(({ seat, rank }) => [seat, rank]), [[2, 1], [3, 1], [1, 3], [4, 4]]);
});

test("the closest others are those beside a player, and the leaders for somebody without a seat", () => {
  const ranked = rankPlayers([1, 2, 3, 4, 5, 6].map((seat) => player(seat, 100 - seat)));
  assert.deepEqual([...findNear(ranked, 4, 2)].sort(), [3, 5]);
  assert.deepEqual([...findNear(ranked, 1, 3)].sort(), [2, 3, 4]);
  assert.deepEqual([...findNear(ranked, null, 2)].sort(), [1, 2]);
  assert.deepEqual(findNewcomers([player(1, 0)], [player(1, 0), player(2, 0)]).map(({ seat }) => seat), [2]);
});

test("a code is read as people type it, and from an address", () => {
  assert.equal(normalizeCode(" cdf-hj "), "CDFHJ");
  assert.equal(readPath("/room/cdf%20hj"), "CDFHJ");
  assert.equal(readPath("/class/CDFHJ/report"), "CDFHJ");
  assert.equal(readPath("/room"), "");
  assert.equal(readPath("/room/%E0%A4%A"), "");
});

test("all cards of a board fit, as large as they can be", () => {
  for (const count of [1, 2, 7, 28, 60]) {
    const side = fitCards(count, 86, 48);
    const columns = Math.floor((86 + 0.6) / (side + 0.6) + 1e-9);
    assert.ok(Math.ceil(count / columns) * (side + 3 + 0.6) - 0.6 <= 48 + 1e-9, `${count} cards do not fit`);
    assert.ok(side >= 4.5);
  }
});

test("the matrix has a row for each character that was missed, most missed first", () => {
  const matrix = makeMatrix([
    { target: "5", hits: 3, misses: 4, blank: 1, median_ms: 900, read: [["9", 2], ["6", 1]] },
    { target: "8", hits: 5, misses: 1, blank: 0, median_ms: 900, read: [["6", 1]] },
    { target: "1", hits: 5, misses: 0, blank: 0, median_ms: 900, read: [] },
  ]);
  assert.deepEqual(matrix.labels, ["6", "9"]);
  assert.deepEqual(matrix.rows.map(({ target, cells }) => [target, cells]), [["5", [1, 2]], ["8", [1, 0]]]);
  assert.equal(matrix.most, 2);
});
