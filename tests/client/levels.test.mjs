// How weak a character is, on the page "My letters".

import assert from "node:assert/strict";
import test from "node:test";

import { compareTrend, getLevel } from "../../client/static/js/me/levels.js";

/** @param {number} hits @param {number} rounds @param {number | null} ms */
const figures = (hits, rounds, ms) => ({ rounds, hits, accuracy: hits / rounds, median_ms: ms });

test("the less accurate and the slower a character, the weaker it is", () => {
  const accuracy = [20, 18, 15, 12, 8].map((hits) => getLevel("accuracy", figures(hits, 20, 900), 1000));
  assert.deepEqual(accuracy, [0, 1, 2, 3, 4]);
  const speed = [900, 1200, 1500, 2000, 3000, null].map((ms) => getLevel("speed", figures(9, 20, ms), 1000));
  assert.deepEqual(speed, [0, 1, 2, 3, 4, 4]);
});

test("few rounds have no level", () => {
  assert.equal(getLevel("accuracy", figures(0, 2, null), 1000), "few");
  assert.equal(getLevel("speed", figures(2, 2, 9000), 1000), "few");
});

test("a trend compares earlier rounds with later ones", () => {
  const [good, bad, hopeless] = [figures(5, 5, 1000), figures(3, 5, 2000), figures(0, 5, null)];
  assert.equal(compareTrend([]), null);
  assert.equal(compareTrend([bad, good]), "better");
  assert.equal(compareTrend([good, good, bad]), "worse");
  assert.equal(compareTrend([good, good]), "steady");
  assert.equal(compareTrend([hopeless, bad]), "better");
  assert.equal(compareTrend([hopeless, hopeless]), "steady");
});
