// Corrections reach the server one after the other, the newest of each character last.

import assert from "node:assert/strict";
import test from "node:test";

import { createCorrections } from "../../client/static/js/upload/corrections.js";

/** Corrections whose requests are answered, and whose pauses end, when the test says so. */
function createControlled() {
  /** @type {{ round: string, label: string, resolve: () => void, reject: (error: object) => void }[]} */
  const requests = [];
  /** @type {string[]} */
  const saved = [];
  /** @type {unknown[]} */
  const problems = [];
  /** @type {(() => void)[]} */
  const pauses = [];
  const corrections = createCorrections(
    (round, label) =>
      new Promise((resolve, reject) => {
        requests.push({ round, label, resolve: () => resolve({ label, verdict: "corrected" }), reject });
      }),
    { onSaved: ({ label }, round) => saved.push(round + label), onProblem: (error) => problems.push(error) },
    (run) => pauses.push(run),
  );
  const list = () => requests.map(({ round, label }) => round + label);
  return { corrections, requests, saved, problems, pauses, list };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("one at a time, and of one character only what was chosen last", async () => {
  const { corrections, requests, saved, list } = createControlled();
  corrections.add("1", "a");
  corrections.add("2", "b");
  corrections.add("2", "c");
  corrections.add("1", "d");
  assert.deepEqual(list(), ["1a"]);
  for (let i = 0; i < 3; i += 1) {
    requests[i].resolve();
    await settle();
  }
  assert.deepEqual(list(), ["1a", "2c", "1d"]);
  assert.deepEqual(saved, ["2c", "1d"]);
});

test("what is too much at once is sent again after a pause", async () => {
  const { corrections, requests, pauses, problems, list } = createControlled();
  corrections.add("1", "a");
  requests[0].reject({ status: 429 });
  await settle();
  corrections.add("2", "b");
  assert.deepEqual(list(), ["1a"]);
  pauses[0]();
  assert.deepEqual(list(), ["1a", "1a"]);
  assert.deepEqual(problems, []);
});

test("a lost connection loses no correction, and what the server refuses does not hold up the others", async () => {
  const { corrections, requests, pauses, problems, list } = createControlled();
  corrections.add("1", "a");
  requests[0].reject({ status: 0 });
  await settle();
  assert.equal(problems.length, 1);
  corrections.add("2", "b");
  assert.deepEqual(list(), ["1a", "1a"]);
  requests[1].reject({ status: 404 });
  await settle();
  assert.deepEqual(list(), ["1a", "1a", "2b"]);
  requests[2].reject({ status: 0 });
  await settle();
  assert.equal(corrections.isWaiting(), true);
  assert.equal(pauses.length, 1); // one for both
  pauses[0]();
  requests[3].resolve();
  await settle();
  assert.deepEqual(list(), ["1a", "1a", "2b", "2b"]);
  assert.equal(corrections.isWaiting(), false);
});
