// Pictures are read one after the other, whatever happens to one of them.

import assert from "node:assert/strict";
import test from "node:test";

import { createQueue } from "../../client/static/js/upload/queue.js";

/** @typedef {{ name: string, state: import("../../client/static/js/upload/queue.js").State, error: unknown }} Picture */

/** A queue whose requests are answered, and whose pauses end, when the test says so. */
function createControlled() {
  /** @type {{ name: string, resolve: () => void, reject: (error: object) => void }[]} */
  const requests = [];
  /** @type {{ seconds: number, end: () => void }[]} */
  const pauses = [];
  /** @type {string[]} */
  const refused = [];
  const queue = createQueue({
    onRefused: (/** @type {Picture} */ { name }) => refused.push(name),
    read: (/** @type {Picture} */ { name }, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")));
        requests.push({ name, resolve, reject });
      }),
    onChange() {},
    wait: (seconds, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve());
        pauses.push({ seconds, end: resolve });
      }),
  });
  /** @type {Picture[]} */
  const pictures = ["a", "b", "c"].map((name) => ({ name, state: "waiting", error: null }));
  const list = () => requests.map(({ name }) => name).join("");
  const listStates = () => pictures.map(({ state }) => state);
  return { queue, requests, pauses, pictures, refused, list, listStates };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("one at a time, and one that fails does not stop the others", async () => {
  const { queue, requests, pictures, refused, list, listStates } = createControlled();
  queue.add(pictures);
  assert.deepEqual(listStates(), ["reading", "waiting", "waiting"]);
  requests[0].reject({ status: 422 });
  await settle();
  requests[1].resolve();
  await settle();
  requests[2].resolve();
  await settle();
  assert.deepEqual(listStates(), ["refused", "read", "read"]);
  assert.deepEqual(pictures[0].error, { status: 422 });
  assert.deepEqual(refused, ["a"]);
  queue.add([pictures[0]]);
  requests[3].resolve();
  await settle();
  assert.equal(list(), "abca");
  assert.deepEqual(listStates(), ["read", "read", "read"]);
});

test("a busy server is waited for as long as it says, a lost connection three times", async () => {
  const { queue, requests, pauses, pictures, list, listStates } = createControlled();
  queue.add([pictures[0]]);
  const errors = [{ status: 429, retryAfter: 7 }, { status: 0 }, { status: 0 }, { status: 0 }];
  for (const [i, error] of errors.entries()) {
    requests[i].reject(error);
    await settle();
    pauses[i]?.end();
    await settle();
  }
  assert.deepEqual([list(), pauses.length, pauses[0].seconds, listStates()[0]], ["aaaa", 3, 7, "refused"]);
  queue.add([pictures[1]]);
  requests[4].reject({ status: 429, retryAfter: 40_000 });
  await settle();
  assert.equal(listStates()[1], "refused");
});

test("reading is stopped and begun again, also during a pause", async () => {
  const { queue, requests, pictures, list, listStates } = createControlled();
  queue.add(pictures);
  requests[0].reject({ status: 429, retryAfter: 5 });
  await settle();
  queue.stop();
  await settle();
  assert.deepEqual(listStates(), ["stopped", "stopped", "stopped"]);
  queue.add([pictures[1], pictures[2]]);
  queue.addFirst(pictures[0]);
  await settle();
  assert.deepEqual(listStates(), ["waiting", "reading", "waiting"]);
  queue.hold(pictures[1]); // it is turned while it is read
  await settle();
  assert.deepEqual(listStates(), ["reading", "held", "waiting"]);
  assert.equal(list(), "aba");
});
