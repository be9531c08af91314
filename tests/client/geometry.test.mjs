import assert from "node:assert/strict";
import test from "node:test";

import {
  fitToSquare,
  getSquareAround,
  LAST_COORDINATE,
  SQUARE_SIDE,
  toCoordinate,
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

test("a share of the side becomes a whole coordinate of the square", () => {
  assert.equal(toCoordinate(0), 0);
  assert.equal(toCoordinate(0.5), 512);
  assert.equal(toCoordinate(1), LAST_COORDINATE);
});

test("no share leads off the square, and a larger share never to a smaller coordinate", () => {
  const random = makeRandom(1);
  const shares = Array.from({ length: 1000 }, () => 4 * random() - 1.5).sort((a, b) => a - b);
  const coordinates = shares.map(toCoordinate);
  for (const coordinate of coordinates) {
    assert.ok(Number.isInteger(coordinate) && coordinate >= 0 && coordinate <= LAST_COORDINATE, String(coordinate));
  }
  assert.deepEqual(coordinates, [...coordinates].sort((a, b) => a - b));
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
