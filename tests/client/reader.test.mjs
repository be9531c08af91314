import assert from "node:assert/strict";
import test from "node:test";

import { createReader } from "../../client/static/js/parts/reader.js";

const DOT = [[[1, 1, 0]]];
const LINE = [[[1, 1, 0], [9, 9, 20]]];

/** A reader whose requests are answered, and whose pauses end, when the test says so. */
function createControlled() {
  /** @type {{ strokes: number[][][], alphabet: string, resolve: (recognized: any) => void, reject: (error: Error) => void }[]} */
  const requests = [];
  /** @type {any[]} */
  const answers = [];
  /** @type {unknown[]} */
  const errors = [];
  /** @type {Map<number, () => void>} */
  const timers = new Map();
  let ids = 0;
  const reader = createReader(
    (strokes, alphabet) =>
      new Promise((resolve, reject) => requests.push({ strokes, alphabet, resolve, reject })),
    { onAnswer: (answer) => answers.push(answer), onError: (error) => errors.push(error) },
    {
      start: (run) => {
        timers.set(++ids, run);
        return ids;
      },
      stop: (id) => timers.delete(id),
    },
  );
  const endPauses = () => {
    const due = [...timers.values()];
    timers.clear();
    for (const run of due) run();
  };
  return { reader, requests, answers, errors, endPauses };
}

/** Let what waits for promises run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("only the newest drawing is asked for, once the pause is over", () => {
  const { reader, requests, endPauses } = createControlled();
  reader.read(DOT, "any");
  reader.read(LINE, "digits");
  assert.equal(requests.length, 0);
  endPauses();
  assert.deepEqual(
    requests.map(({ strokes, alphabet }) => [strokes, alphabet]),
    [[LINE, "digits"]],
  );
});

test("one request at a time: what is drawn meanwhile is asked for after the answer", async () => {
  const { reader, requests, answers, endPauses } = createControlled();
  reader.read(DOT, "any");
  endPauses();
  reader.read(LINE, "any");
  endPauses();
  assert.equal(requests.length, 1);
  requests[0].resolve("a dot");
  await settle();
  assert.deepEqual(answers, [{ strokes: DOT, alphabet: "any", recognized: "a dot" }]);
  endPauses();
  assert.deepEqual(requests[1].strokes, LINE);
});

test("an answer about a forgotten drawing does not count", async () => {
  const { reader, requests, answers, endPauses } = createControlled();
  reader.read(DOT, "any");
  endPauses();
  reader.forget();
  requests[0].resolve("a dot");
  await settle();
  reader.read(LINE, "any");
  reader.forget();
  endPauses();
  assert.deepEqual(answers, []);
  assert.equal(requests.length, 1);
});

test("an answer is about the drawing as it was when it was sent", async () => {
  const { reader, requests, answers, endPauses } = createControlled();
  const growing = [[[1, 1, 0]]];
  reader.read(growing, "any");
  growing[0].push([2, 2, 8]);
  endPauses();
  requests[0].resolve("a dot");
  await settle();
  assert.deepEqual(answers[0].strokes, [[[1, 1, 0]]]);
});

test("an error is reported, and the next drawing is read all the same", async () => {
  const { reader, requests, errors, answers, endPauses } = createControlled();
  reader.read(DOT, "any");
  endPauses();
  requests[0].reject(new Error("offline"));
  await settle();
  assert.equal(errors.length, 1);
  reader.read(LINE, "any");
  endPauses();
  requests[1].resolve("a line");
  await settle();
  assert.equal(answers.length, 1);
});
