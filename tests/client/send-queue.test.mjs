import assert from "node:assert/strict";
import test from "node:test";

import { BATCH_MS, createSendQueue, REST_MS } from "../../client/static/js/play/send-queue.js";
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

/** @typedef {[x: number, y: number, dt: number]} Point */

/** Check that no bucket of the server's size runs over, not even if the network delays some messages. */
function assertAccepted(/** @type {{ at: number }[]} */ sent) {
  sent.forEach(({ at: start }, i) => {
    const within = sent.slice(i).findIndex(({ at }, k) => k + 1 > 40 + ((at - start) * 25) / 1000);
    assert.equal(within, -1, `too many messages after ${start} ms`);
  });
}

test("ink goes out when the pen rests", () => {
  const { time, getMoves, queue } = createRecorded();
  queue.addInk(1, 0, [[10, 20, 0]]);
  time.pass(REST_MS - 1);
  queue.addInk(1, 0, [[11, 21, 8]]);
  time.pass(REST_MS - 1);
  assert.deepEqual(getMoves(), []);
  time.pass(1);
  assert.deepEqual(getMoves(), [{ type: "ink", round: 1, stroke: 0, points: [10, 20, 0, 11, 21, 8] }]);
});

test("ink goes out at once when the pen is lifted, also when no points wait", () => {
  const { time, getMoves, queue } = createRecorded();
  queue.addInk(1, 0, [[10, 20, 0]]);
  queue.addInk(1, 0, [], true);
  assert.deepEqual(getMoves(), [{ type: "ink", round: 1, stroke: 0, points: [10, 20, 0], up: true }]);
  queue.addInk(1, 1, [[10, 20, 0]]);
  time.pass(REST_MS);
  queue.addInk(1, 1, [], true);
  assert.deepEqual(getMoves()[2], { type: "ink", round: 1, stroke: 1, points: [], up: true });
});

test("a pen that is set down again is told at once, and its further ink as usual", () => {
  const { time, getMoves, queue } = createRecorded();
  queue.addInk(1, 0, [[10, 20, 0]], true);
  queue.addInk(1, 1, [[30, 40, 90]]);
  queue.addInk(1, 1, [[31, 41, 8]]);
  assert.deepEqual(getMoves().slice(1), [{ type: "ink", round: 1, stroke: 1, points: [30, 40, 90] }]);
  time.pass(REST_MS);
  assert.deepEqual(getMoves()[2], { type: "ink", round: 1, stroke: 1, points: [31, 41, 8] });
});

test("a moving pen sends about ten messages a second", () => {
  const { time, sent, queue } = createRecorded();
  for (let i = 0; i < 500; i += 1) {
    queue.addInk(1, 0, [[i, i, 10]]);
    queue.noteAnswer();
    time.pass(10);
  }
  assert.ok(sent.length > 40 && sent.length < 51, `${sent.length} messages in 5 s`);
  sent.slice(1).forEach(({ at }, i) => assert.ok(at - sent[i].at <= BATCH_MS + 10));
});

test("each stroke has its own message", () => {
  const { queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 0]]);
  queue.addInk(1, 0, [[2, 2, 5]], true);
  queue.addInk(1, 1, [[3, 3, 50]], true);
  assert.deepEqual(
    getMoves().map(({ stroke, points, up }) => [stroke, points, up]),
    [
      [0, [1, 1, 0, 2, 2, 5], true],
      [1, [3, 3, 50], true],
    ],
  );
});

test("whatever is drawn arrives complete and in order, and never faster than the server accepts", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = makeRandom(seed);
    const { time, sent, queue } = createRecorded();
    /** @type {number[][][]} */
    const strokes = [];
    /** @type {number[]} */
    const lifted = [];
    for (let i = 0; i < 400; i += 1) {
      const points = Array.from({ length: 1 + Math.floor(20 * random()) }, () => {
        const [x, y, dt] = [1024 * random(), 1024 * random(), 50 * random()].map(Math.floor);
        return /** @type {Point} */ ([x, y, dt]);
      });
      if (!strokes.length || lifted.includes(strokes.length - 1)) strokes.push([]);
      const isUp = random() < (seed % 2 ? 0.1 : 0.9);
      strokes[strokes.length - 1].push(...points);
      if (isUp) lifted.push(strokes.length - 1);
      queue.addInk(7, strokes.length - 1, points, isUp);
      time.pass(Math.floor(30 * random()));
      queue.noteAnswer();
    }
    for (let i = 0; i < 1000; i += 1) {
      time.pass(BATCH_MS);
      queue.noteAnswer();
    }

    /** @type {number[][][]} */
    const arrived = strokes.map(() => []);
    /** @type {number[]} */
    const arrivedLifted = [];
    let newest = 0;
    for (const { move } of sent) {
      assert.equal(move.round, 7);
      assert.ok(move.stroke >= newest, "strokes arrive in order");
      newest = move.stroke;
      assert.ok(!arrivedLifted.includes(newest), "a lifted stroke is over");
      if (move.up) arrivedLifted.push(newest);
      for (let i = 0; i < move.points.length; i += 3) arrived[move.stroke].push(move.points.slice(i, i + 3));
      assert.ok(JSON.stringify(move).length < 8 * 1024);
    }
    assert.deepEqual(arrived, strokes);
    assert.deepEqual(arrivedLifted, lifted);
    assertAccepted(sent);
  }
});

test("what is done while the network stands still is not too much at once when it goes on", () => {
  const { time, sent, queue } = createRecorded();
  for (let i = 0; i < 12_000 / 20; i += 1) {
    queue.addInk(1, Math.floor(i / 4), [[i, i, 20]], i % 4 === 3);
    if (i % 40 === 0) queue.addAction("undo", 1);
    time.pass(20);
  }
  assert.ok(sent.length < 30, `${sent.length} messages`);
  queue.noteAnswer();
  for (let i = 0; i < 400; i += 1) {
    time.pass(BATCH_MS);
    queue.noteAnswer();
  }
  const lengths = sent.filter(({ move }) => move.type === "ink").map(({ move }) => move.points.length / 3);
  assert.ok(lengths.reduce((sum, length) => sum + length) > 580);
  assertAccepted(sent.slice(30));
});

test("a skip sends the ink before it", () => {
  const { queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 0]]);
  queue.addInk(1, 0, [[2, 2, 5]]);
  queue.addAction("skip", 1);
  assert.deepEqual(
    getMoves().map(({ type }) => type),
    ["ink", "skip"],
  );
});

test("a stroke that is undone before it was sent is never sent, and one that was sent is undone", () => {
  const { time, queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[2, 2, 0]]);
  queue.addAction("undo", 1);
  queue.addInk(1, 0, [[3, 3, 0]]);
  time.pass(REST_MS);
  queue.addInk(1, 0, [[4, 4, 5]]);
  queue.addAction("undo", 1);
  queue.addAction("undo", 1);
  time.pass(1_000);
  assert.deepEqual(
    getMoves().map(({ type, points }) => points ?? type),
    [[3, 3, 0], "undo", "undo"],
  );
});

test("a clear replaces the ink and the undos that still wait", () => {
  const { time, queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 0]]);
  time.pass(REST_MS);
  queue.addInk(1, 0, [[2, 2, 5]]);
  queue.addAction("clear", 1);
  time.pass(1_000);
  assert.deepEqual(
    getMoves().map(({ type }) => type),
    ["ink", "clear"],
  );
});

test("an emptied queue sends nothing any more, and goes on with what comes next", () => {
  const { time, queue, getMoves } = createRecorded();
  queue.addInk(1, 0, [[1, 1, 0]]);
  time.pass(REST_MS);
  queue.addInk(1, 0, [[2, 2, 5]]);
  queue.empty();
  queue.addInk(2, 0, [[9, 9, 0]]);
  time.pass(1_000);
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
  queue.addInk(1, 0, [[1, 1, 3_600_000]], true);
  assert.deepEqual(getMoves()[0].points, [1, 1, 60_000]);
});
