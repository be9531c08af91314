import assert from "node:assert/strict";
import test from "node:test";

import { createPending } from "../../client/static/js/hand/pending.js";

/** What waits, with timers that end when the test says so. */
function createControlled() {
  /** @type {Map<number, () => void>} */
  const timers = new Map();
  let ids = 0;
  const pending = createPending({
    start: (run) => {
      timers.set(++ids, run);
      return ids;
    },
    stop: (id) => timers.delete(id),
  });
  /** @type {string[]} */
  const done = [];
  const endTimers = () => {
    for (const run of [...timers.values()]) run();
  };
  return { pending, timers, done, endTimers };
}

test("it is done once the time is over, and then it is too late to undo it", () => {
  const { pending, done, endTimers } = createControlled();
  pending.add("one", () => done.push("one"));
  assert.deepEqual(done, []);
  endTimers();
  assert.deepEqual(done, ["one"]);
  assert.equal(pending.undo("one"), false);
  pending.flush();
  assert.deepEqual(done, ["one"]);
});

test("what is undone is not done, and the rest is done when the page is left", () => {
  const { pending, timers, done, endTimers } = createControlled();
  for (const name of ["one", "two"]) pending.add(name, () => done.push(name));
  assert.equal(pending.undo("one"), true);
  pending.flush();
  assert.deepEqual(done, ["two"]);
  assert.equal(timers.size, 0);
  endTimers();
  assert.deepEqual(done, ["two"]);
});
