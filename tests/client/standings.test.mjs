import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { setMessages } from "../../client/static/js/parts/messages.js";
import { describeStanding } from "../../client/static/js/play/standings.js";

setMessages("en", JSON.parse(readFileSync(new URL("../../client/messages/en.json", import.meta.url), "utf8")));

/** @param {number} rank @param {number} score */
function makeEntry(rank, score) {
  return { rank, player: `P${rank}`, score, hits: 9, accuracy: 1, best_combo: 9, at: "2026-01-01T00:00:00Z", game: `g${rank}` };
}

const ENTRIES = [900, 800, 800, 789].map((score, i) => makeEntry(i + 1, score));

/** @param {number} rank @param {string} [game] */
function describe(rank, game = `g${rank}`) {
  const you = ENTRIES[rank - 1] ?? makeEntry(rank, 100);
  const { rank: shown, words } = describeStanding({ entries: ENTRIES, you }, game, "day", "/board") ?? assert.fail();
  return `${shown}: ${words}`;
}

test("a player sees how far the next one is", () => {
  assert.equal(describe(1), "1st: 100 points ahead of P2.");
  assert.equal(describe(2), "2nd: 100 points behind P1.");
  assert.equal(describe(3), "3rd: Level with P2. Best of today: 900 by P1.");
  assert.equal(describe(4), "4th: 11 points behind P3. Best of today: 900 by P1.");
});

test("below the list, the last of the list is the next", () => {
  assert.equal(describe(250), "250th: 689 points behind P4. Best of today: 900 by P1.");
});

test("a rank by an earlier game says so, and without a rank nothing is said", () => {
  assert.equal(describe(4, "other"), "4th: With 789 from an earlier game. 11 points behind P3. Best of today: 900 by P1.");
  assert.equal(describeStanding({ entries: ENTRIES, you: null }, "g", "day", "/board"), null);
});

test("the only player is ahead of nobody", () => {
  const you = ENTRIES[0];
  assert.equal(describeStanding({ entries: [you], you }, you.game, "day", "/board")?.words, "");
});
