import assert from "node:assert/strict";
import test from "node:test";

import { countMiss } from "../../client/static/js/play/misses.js";

test("misses of a character add up until it is understood", () => {
  const outcomes = /** @type {const} */ (["skip", "timeout", "skip"]);
  const missed = outcomes.reduce((misses, outcome) => countMiss(misses, { target: "g", outcome }), { q: 1 });
  assert.deepEqual(missed, { q: 1, g: 3 });
  assert.deepEqual(countMiss(missed, { target: "g", outcome: "hit" }), { q: 1 });
});
