import assert from "node:assert/strict";
import test from "node:test";

import * as board from "../../client/static/js/leaderboard/describe.js";
import * as card from "../../client/static/js/model/card.js";
import * as play from "../../client/static/js/play/describe.js";
import { useLanguage } from "./support.mjs";

useLanguage("en");

test("the rank of a game, or advice after a game without points", () => {
  assert.equal(play.describeRank({ score: 675, rank: 3 }, "All letters"), "3rd of all time: All letters");
  assert.equal(play.describeRank({ score: 675, rank: null }, "Digits"), "");
  assert.match(play.describeRank({ score: 0, rank: null }, "Digits"), /^I could not read anything/);
});

test("a round of one's own game", () => {
  const hit = /** @type {const} */ ({ outcome: "hit", target: "7", label: "7", confidence: 0.98, points: 85 });
  assert.equal(play.describeRound(hit), "+85, read as 7, 98%");
  assert.equal(play.describeRound({ ...hit, points: 0 }), "read as 7, 98%");
  assert.equal(play.describeRound({ ...hit, outcome: "skip", confidence: null }), "skipped, read as 7");
  assert.equal(play.describeRound({ ...hit, outcome: "timeout" }), "out of time, read as 7, 98%");
  const undrawn = { target: "7", label: null, confidence: null, points: 0 };
  assert.equal(play.describeRound({ ...undrawn, outcome: "skip" }), "skipped");
  assert.equal(play.describeRound({ ...undrawn, outcome: "timeout" }), "not drawn");
});

test("a round of a game on the leaderboard", () => {
  assert.equal(board.describeOutcome({ outcome: "timeout" }), "Out of time");
  assert.equal(board.describeOutcome({ outcome: null }), "");
  const hit = /** @type {const} */ ({ outcome: "hit", target: "S", label: "S", confidence: 0.98 });
  assert.equal(board.describeReading(hit), "I read uppercase S, 98% sure.");
  assert.equal(board.describeReading({ ...hit, outcome: null, target: null }), "I read uppercase S, 98% sure.");
  assert.equal(board.describeReading({ ...hit, outcome: "skip", label: "7", confidence: null }), "I read 7.");
  assert.equal(board.describeReading({ ...hit, label: null }), "Nothing was drawn.");
});

test("a hit that was read as another character says so, and a look-alike that it looks the same", () => {
  const hit = /** @type {const} */ ({ outcome: "hit", target: "v", label: "o", confidence: 0.57, points: 85 });
  assert.equal(play.describeRound(hit), "+85, close to o, taken as v");
  assert.equal(play.describeRound({ ...hit, label: "V" }), "+85, read as V, which looks like v");
  assert.equal(play.describeRound({ ...hit, outcome: "skip" }), "skipped, read as o, 57%");
  assert.equal(board.describeReading(hit), "Close to lowercase o, taken as lowercase v.");
  assert.equal(board.describeReading({ ...hit, label: "V" }), "I read uppercase V, which looks like lowercase v.");
  assert.equal(board.describeReading({ ...hit, outcome: "timeout" }), "I read lowercase o, 57% sure.");
});

test("what a model learned from players", () => {
  assert.equal(
    card.describeLearned({ rounds: 1204, players: 1, by_source: { challenge: 1200, draw: 4, upload: 0 } }),
    "Then I learned from 1,204 drawings by 1 player here: 1,200 from games and 4 drawn freely. Thank you, too!",
  );
  const unknown = card.describeLearned({ rounds: 1, players: 2 });
  assert.equal(unknown, "Then I learned from 1 drawing by 2 players here. Thank you, too!");
});

test("a citation's DOI is found without the punctuation behind it", () => {
  const citation = "Guyon et al., ICPR 1994, doi:10.5281/zenodo.1195803.";
  const found = card.findDoi(citation);
  assert.deepEqual(found, {
    before: "Guyon et al., ICPR 1994, ",
    doi: "doi:10.5281/zenodo.1195803",
    address: "https://doi.org/10.5281/zenodo.1195803",
    after: ".",
  });
  assert.equal(card.findDoi("NIST Special Database 19"), null);
});
