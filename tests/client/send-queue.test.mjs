import assert from "node:assert/strict";
import test from "node:test";

import { createSendQueue, INK_INTERVAL_MS } from "../../client/static/js/play/send-queue.js";
import { makeRandom } from "./support.mjs";

/** A clock that only runs when it is told to, with the timers that depend on it. */
function createTime() {
  let now = 0;
  /** @type {{ at: number, run: () => void }[]} */
  let timers = [];
  return {
    now: () => now,
    startTimer: (/** @type {() => void} */ run, /** @type {number} */ ms) => timers.push({ at: now + ms, run }),
    /** @param {number} ms */
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}

function createRecorded() {
  const time = createTime();
  /** @type {{ at: number, move: any }[]} */
  const sent = [];
  const queue = createSendQueue((move) => sent.push({ at: time.now(), move: structuredClone(move) }), time);
  return { time, sent, queue, getMoves: () => sent.map(({ move }) => move) };
}

test("the first ink goes out at once, and what follows is collected for the next message", () => {
  const { time, sent, queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[10, 20, 0]]);
  assert.deepEqual(getMoves(), [{ type: "ink", round: 1, stroke: 0, points: [10, 20, 0] }]);
  queue.addInk(1, 0, [[11, 21, 8]]);
  queue.addInk(1, 0, [[12, 22, 9]]);
  assert.equal(sent.length, 1);
  time.pass(INK_INTERVAL_MS);
  assert.deepEqual(getMoves()[1], { type: "ink", round: 1, stroke: 0, points: [11, 21, 8, 12, 22, 9] });
});

test("each stroke has its own message", () => {
  const { time, queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 0]]);
  queue.addInk(1, 0, [[2, 2, 5]]);
  queue.addInk(1, 1, [[3, 3, 50]]);
  time.pass(10 * INK_INTERVAL_MS);
  assert.deepEqual(
    getMoves().map(({ stroke, points }) => [stroke, points]),
    [
      [0, [1, 1, 0]],
      [0, [2, 2, 5]],
      [1, [3, 3, 50]],
    ],
  );
});

test("whatever is drawn arrives complete, in order, and at no more than ten messages a second", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = makeRandom(seed);
    const { time, sent, queue } = createRecorded();
    /** @type {number[][][]} */
    const strokes = [];
    for (let i = 0; i < 200; i += 1) {
      if (!strokes.length || random() < 0.1) strokes.push([]);
      const points = Array.from({ length: 1 + Math.floor(20 * random()) }, () => {
        const [x, y, dt] = [1024 * random(), 1024 * random(), 50 * random()].map(Math.floor);
        return /** @type {[number, number, number]} */ ([x, y, dt]);
      });
      strokes[strokes.length - 1].push(...points);
      queue.addInk(7, strokes.length - 1, points);
      time.pass(Math.floor(60 * random()));
      queue.noteAnswer();
    }
    for (let i = 0; i < 100; i += 1) {
      time.pass(INK_INTERVAL_MS);
      queue.noteAnswer();
    }

    /** @type {number[][][]} */
    const arrived = strokes.map(() => []);
    let newest = 0;
    for (const { move } of sent) {
      assert.equal(move.round, 7);
      assert.ok(move.stroke >= newest, "strokes arrive in order");
      newest = move.stroke;
      for (let i = 0; i < move.points.length; i += 3) arrived[move.stroke].push(move.points.slice(i, i + 3));
      assert.ok(JSON.stringify(move).length < 8 * 1024);
    }
    assert.deepEqual(arrived, strokes);
    sent.slice(1).forEach(({ at }, i) => assert.ok(at - sent[i].at >= INK_INTERVAL_MS, `${at} after ${sent[i].at}`));
  }
});

test("what is drawn while the network stands still is not too much at once when it goes on", () => {
  const { time, sent, queue } = createRecorded();
  for (let i = 0; i < 12_000 / 20; i += 1) {
    queue.addInk(1, Math.floor(i / 40), [[i, i, 20]]);
    time.pass(20);
  }
  assert.ok(sent.length < 30, `${sent.length} messages`);
  queue.noteAnswer();
  time.pass(INK_INTERVAL_MS * 20);
  const lengths = sent.map(({ move }) => move.points.length / 3);
  assert.equal(
    lengths.reduce((sum, length) => sum + length),
    600,
  );
});

test("a skip waits for the ink before it", () => {
  const { time, queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 0]]);
  queue.addInk(1, 0, [[2, 2, 5]]);
  queue.addAction("skip", 1);
  assert.equal(getMoves().length, 1);
  time.pass(INK_INTERVAL_MS);
  assert.deepEqual(
    getMoves().map(({ type }) => type),
    ["ink", "ink", "skip"],
  );
});

test("a clear replaces the ink and the undos that still wait", () => {
  const { time, queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 0]]);
  queue.addInk(1, 0, [[2, 2, 5]]);
  queue.addAction("undo", 1);
  queue.addAction("clear", 1);
  time.pass(10 * INK_INTERVAL_MS);
  assert.deepEqual(
    getMoves().map(({ type }) => type),
    ["ink", "clear"],
  );
});

test("an emptied queue sends nothing any more, and goes on with what comes next", () => {
  const { time, queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 0]]);
  queue.addInk(1, 0, [[2, 2, 5]]);
  queue.empty();
  queue.addInk(2, 0, [[9, 9, 0]]);
  time.pass(10 * INK_INTERVAL_MS);
  assert.deepEqual(
    getMoves().map(({ round, points }) => [round, points]),
    [
      [1, [1, 1, 0]],
      [2, [9, 9, 0]],
    ],
  );
});

test("a very long pause is shortened to what the server accepts", () => {
  const { queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 3_600_000]]);
  assert.deepEqual(getMoves()[0].points, [1, 1, 60_000]);
});
