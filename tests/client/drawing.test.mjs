import assert from "node:assert/strict";
import test from "node:test";

import { getDuration, getStrokesAt, toStrokes } from "../../client/static/js/parts/drawing.js";
import { checkDrawings } from "./support.mjs";

/** @param {[number, number, number][][]} strokes @returns {number[][][]} as they are stored */
function toDrawing(strokes) {
  return strokes.map((stroke) => [0, 1, 2].map((axis) => stroke.map((point) => point[axis])));
}

test("a stored drawing becomes its points again, with times from 0", () => {
  checkDrawings((strokes) => {
    const first = strokes[0][0][2];
    const expected = strokes.map((stroke) => stroke.map(([x, y, t]) => [x, y, t - first]));
    assert.deepEqual(toStrokes(toDrawing(strokes)), expected);
  });
});

test("times that run backwards stand still instead", () => {
  const drawing = [
    [
      [1, 2, 3],
      [1, 2, 3],
      [100, 160, 120],
    ],
    [[4], [4], [90]],
  ];
  const times = toStrokes(drawing).map((stroke) => stroke.map(([, , t]) => t));
  assert.deepEqual(times, [[0, 60, 60], [60]]);
});

test("a drawing without times appears all at once", () => {
  const strokes = toStrokes([
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  assert.deepEqual(strokes, [
    [
      [1, 3, 0],
      [2, 4, 0],
    ],
  ]);
  assert.equal(getDuration(strokes), 0);
});

test("an empty drawing has no strokes and no duration", () => {
  assert.deepEqual(toStrokes([]), []);
  assert.equal(getDuration([]), 0);
});

test("a replay begins with the first point, ends with all of them, and never loses one", () => {
  checkDrawings((drawn) => {
    const strokes = toStrokes(toDrawing(drawn));
    const duration = getDuration(strokes);
    assert.deepEqual(getStrokesAt(strokes, -1), []);
    assert.deepEqual(getStrokesAt(strokes, 0)[0][0], strokes[0][0]);
    assert.deepEqual(getStrokesAt(strokes, duration), strokes);
    let before = 0;
    for (let ms = 0; ms <= duration; ms += Math.max(1, duration / 20)) {
      const shown = getStrokesAt(strokes, ms).flat();
      assert.ok(shown.length >= before);
      assert.deepEqual(shown, strokes.flat().slice(0, shown.length));
      before = shown.length;
    }
  });
});
