import assert from "node:assert/strict";
import test from "node:test";

import { countEnded, createSpentTime, makeTrack } from "../../client/static/js/play/ghost-track.js";

/** @param {"hit" | "skip" | "timeout"} outcome @param {number} duration_ms @param {number} points */
function makeRound(outcome, duration_ms, points) {
  return {
    round: 1, id: "r", target: "7", outcome, label: "7", confidence: 1, points, duration_ms, drawing: [[[1, 2], [3, 4], [0, 9]]],
  };
}

const ROUNDS = [makeRound("hit", 1000, 90), makeRound("skip", 500, 0), makeRound("hit", 2000, 60)];
const TRACK = makeTrack({ game: "g", score: 150, rounds: ROUNDS });

test("the score of a ghost grows with the time on its clock, and a skip costs three seconds", () => {
  assert.deepEqual(
    TRACK.moments.map(({ ms, score }) => [ms, score]),
    [
      [1000, 90],
      [4500, 90],
      [6500, 150],
    ],
  );
  assert.deepEqual([0, 999, 1000, 4499, 6500, 99_000].map((ms) => countEnded(TRACK, ms)), [0, 0, 1, 1, 3, 3]);
});

test("a game that is played like its ghost is level with it at each moment", () => {
  let now = 0;
  const spent = createSpentTime(() => now);
  spent.restart([]);
  spent.open(-3000); // a countdown
  now = 2999;
  assert.equal(spent.get(), 0);
  now = 4000;
  assert.equal(spent.get(), 1000);
  now = 9000; // the server was slow: what the round took is what counts
  spent.end(ROUNDS[0]);
  assert.equal(spent.get(), 1000);
  spent.open(0);
  now = 9500;
  spent.end(ROUNDS[1]);
  assert.equal(countEnded(TRACK, spent.get()), 2);
});

test("after a reload of the page, time goes on from where it was", () => {
  const spent = createSpentTime(() => 50_000);
  spent.restart(ROUNDS.slice(0, 2));
  spent.open(700);
  assert.equal(spent.get(), 5200);
});
