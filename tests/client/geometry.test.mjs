import assert from "node:assert/strict";
import test from "node:test";

import {
  clipToSquare,
  fitToSquare,
  getSquareAround,
  getView,
  LAST_COORDINATE,
  PAD_AREA,
  SQUARE_SIDE,
  toPlace,
  unflattenStroke,
} from "../../client/static/js/parts/geometry.js";
import { checkDrawings, makeRandom } from "./support.mjs";

/** @param {number[][][]} strokes */
function getBounds(strokes) {
  const points = strokes.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** @param {number} actual @param {number} expected @param {number} [tolerance] */
function assertClose(actual, expected, tolerance = 1e-3) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

test("the pad lies in the middle of the square, with room on all sides", () => {
  const { left, top, side } = PAD_AREA;
  assert.deepEqual([toPlace(0, 0), toPlace(1, 1)], [[left, top], [left + side, top + side]]);
  assertClose(left, SQUARE_SIDE - left - side);
  assertClose(top, SQUARE_SIDE - top - side);
  assert.ok(left > 0.3 * side, "a stroke may leave the pad by a third of its side");
});

test("a line is cut off at the border of the square, and its part inside is unchanged", () => {
  const random = makeRandom(3);
  const isInside = (/** @type {number[]} */ place) => place.every((c) => c >= -1e-9 && c <= LAST_COORDINATE + 1e-9);
  let crossing = 0;
  for (let i = 0; i < 2000; i += 1) {
    const [from, to] = [0, 0].map(() => /** @type {[number, number]} */ ([0, 0].map(() => 3000 * random() - 1000)));
    const part = clipToSquare(from, to);
    // The line in many small steps says what must come out.
    const places = Array.from({ length: 400 }, (_, k) => from.map((c, axis) => c + ((to[axis] - c) * k) / 399));
    const inside = places.filter(isInside);
    if (!part) {
      assert.ok(inside.length < 2);
      continue;
    }
    crossing += 1;
    assert.ok(part.every(isInside), `${part}`);
    const step = Math.hypot(to[0] - from[0], to[1] - from[1]) / 399;
    if (inside.length) assert.ok(Math.hypot(part[0][0] - inside[0][0], part[0][1] - inside[0][1]) <= 1.01 * step);
    if (isInside(from)) assert.deepEqual(part[0], from);
    if (isInside(to)) assert.deepEqual(part[1], to);
  }
  assert.ok(crossing > 500);
  assert.deepEqual(clipToSquare([5, 5], [5, 5]), [[5, 5], [5, 5]]);
  assert.equal(clipToSquare([-1, 5], [-1, 900]), null);
});

test("the view is the pad, or as much more as the drawing needs, and holds all of it", () => {
  assert.deepEqual(getView([]), PAD_AREA);
  assert.deepEqual(getView([[toPlace(0, 0.5), toPlace(1, 1)]]), PAD_AREA);
  const random = makeRandom(4);
  for (let i = 0; i < 300; i += 1) {
    const strokes = [Array.from({ length: 5 }, () => [0, 0].map(() => Math.floor(1024 * random())))];
    const view = getView([...strokes, [toPlace(0, 0), toPlace(1, 1)]]);
    assert.deepEqual(view, getView(strokes));
    assert.ok(view.side >= PAD_AREA.side);
    for (const [x, y] of strokes[0]) {
      assert.ok(x >= view.left && x <= view.left + view.side, `${x}`);
      assert.ok(y >= view.top && y <= view.top + view.side, `${y}`);
    }
  }
});

test("a fitted drawing lies in the middle of the square, as large as the margin allows", () => {
  checkDrawings((strokes) => {
    if (strokes.flat().length === 1) return;
    const { left, right, top, bottom } = getBounds(fitToSquare(strokes));
    assertClose((left + right) / 2, SQUARE_SIDE / 2);
    assertClose((top + bottom) / 2, SQUARE_SIDE / 2);
    assertClose(Math.max(right - left, bottom - top), 0.76 * SQUARE_SIDE);
  });
});

test("fitting keeps proportions, the order of points, and all but x and y", () => {
  checkDrawings((strokes) => {
    const fitted = fitToSquare(strokes);
    assert.deepEqual(
      fitted.map((stroke) => stroke.map(([, , t]) => t)),
      strokes.map((stroke) => stroke.map(([, , t]) => t)),
    );
    const [before, after] = [getBounds(strokes), getBounds(fitted)];
    const width = before.right - before.left;
    if (width === 0) return;
    const scale = (after.right - after.left) / width;
    strokes.flat().forEach(([x, y], i) => {
      assertClose(fitted.flat()[i][0] - after.left, (x - before.left) * scale);
      assertClose(fitted.flat()[i][1] - after.top, (y - before.top) * scale);
    });
  });
});

test("a drawing in another place and size is fitted to the same drawing", () => {
  checkDrawings((strokes, random) => {
    const [scale, dx, dy] = [0.5 + random(), 100 * random(), 100 * random()];
    const moved = strokes.map((stroke) => stroke.map(([x, y, t]) => [x * scale + dx, y * scale + dy, t]));
    const [a, b] = [fitToSquare(strokes).flat(), fitToSquare(moved).flat()];
    a.forEach(([x, y], i) => {
      assertClose(b[i][0], x, 0.01);
      assertClose(b[i][1], y, 0.01);
    });
  });
});

test("a single point is fitted to the center", () => {
  assert.deepEqual(fitToSquare([[[7, -3]]]), [[[SQUARE_SIDE / 2, SQUARE_SIDE / 2]]]);
});

test("a flat stroke of the protocol becomes points with times since its beginning", () => {
  assert.deepEqual(unflattenStroke([10, 20, 0, 11, 22, 16, 12, 24, 17]), [
    [10, 20, 0],
    [11, 22, 16],
    [12, 24, 33],
  ]);
  assert.deepEqual(unflattenStroke([]), []);
});

test("the square around a box has its center, and holds it with the margin", () => {
  const random = makeRandom(2);
  for (let i = 0; i < 300; i += 1) {
    const [x, y, width, height] = [0, 0, 0, 0].map(() => 1 + Math.floor(2000 * random()));
    const margin = random();
    const { left, top, side } = getSquareAround([x, y, width, height], margin);
    assertClose(left + side / 2, x + width / 2);
    assertClose(top + side / 2, y + height / 2);
    assertClose(side, Math.max(width, height) * (1 + 2 * margin));
  }
});
