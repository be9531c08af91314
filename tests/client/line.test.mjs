import assert from "node:assert/strict";
import test from "node:test";

import { checkDrawings, useVendored } from "./support.mjs";

useVendored();
const { getOutline } = await import("../../client/static/js/parts/line.js");

const WIDTH = 26;

test("every stroke has an outline, a single dot too", () => {
  for (const isFinished of [true, false]) {
    assert.ok(getOutline([[512, 512]], WIDTH, isFinished).length >= 3);
    assert.ok(getOutline([[0, 0], [1023, 1023]], WIDTH, isFinished).length >= 3);
  }
  assert.deepEqual(getOutline([], WIDTH, true), []);
});

test("an outline stays as close to the points as the line is wide", () => {
  checkDrawings((strokes) => {
    for (const stroke of strokes) {
      const [xs, ys] = [stroke.map(([x]) => x), stroke.map(([, y]) => y)];
      for (const [x, y] of getOutline(stroke, WIDTH, true)) {
        assert.ok(Number.isFinite(x) && Number.isFinite(y));
        assert.ok(x >= Math.min(...xs) - WIDTH && x <= Math.max(...xs) + WIDTH, `${x} of ${xs}`);
        assert.ok(y >= Math.min(...ys) - WIDTH && y <= Math.max(...ys) + WIDTH, `${y} of ${ys}`);
      }
    }
  });
});

test("times do not change the outline", () => {
  checkDrawings((strokes) => {
    const stroke = strokes[0];
    const untimed = stroke.map(([x, y]) => [x, y]);
    assert.deepEqual(getOutline(stroke, WIDTH, true), getOutline(untimed, WIDTH, true));
  });
});
