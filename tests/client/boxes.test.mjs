// Boxes in pictures: which one was tapped, where they are in a turned picture, and where a sign stands in the text.

import assert from "node:assert/strict";
import test from "node:test";

import { findBox, findPlace, turnBox, turnPoint } from "../../client/static/js/upload/boxes.js";

/** @typedef {[number, number, number, number]} Box */

test("a tap takes the smallest box around it, or the nearest in reach", () => {
  /** @type {Box[]} */
  const boxes = [[0, 0, 100, 100], [40, 40, 10, 10], [200, 0, 50, 50]];
  assert.equal(findBox(boxes, 45, 45, 20), 1);
  assert.equal(findBox(boxes, 10, 10, 20), 0);
  assert.equal(findBox(boxes, 190, 20, 20), 2);
  assert.equal(findBox(boxes, 300, 300, 20), null);
});

test("a box turns with its picture", () => {
  /** @type {Box} */
  const box = [10, 20, 30, 5]; // in a picture of 100 by 60
  assert.deepEqual(turnBox(box, 0, 100, 60), box);
  assert.deepEqual(turnBox(box, 1, 100, 60), [35, 10, 5, 30]);
  assert.deepEqual(turnBox(turnBox(box, 1, 100, 60), 1, 60, 100), turnBox(box, 2, 100, 60));
  assert.deepEqual(turnBox(turnBox(box, 3, 100, 60), 1, 60, 100), box);
  assert.deepEqual(turnPoint([0, 60], 1, 100, 60), [0, 0]);
  assert.deepEqual(turnPoint([100, 0], 3, 100, 60), [0, 0]);
});

test("a sign stands beside the nearest character of its line", () => {
  /** @type {Box[]} two lines of two characters */
  const boxes = [[0, 0, 10, 20], [15, 0, 10, 20], [0, 40, 10, 20], [40, 40, 10, 20]];
  assert.deepEqual(findPlace([-8, 0, 4, 20], boxes), { index: 0, joinsNext: true }); // a bracket at the beginning
  assert.deepEqual(findPlace([11, 17, 3, 4], boxes), { index: 1, joinsNext: false }); // a dot after the first
  assert.deepEqual(findPlace([28, 18, 3, 8], boxes), { index: 2, joinsNext: false }); // a comma at the end of a line
  assert.deepEqual(findPlace([32, 48, 6, 3], boxes), { index: 3, joinsNext: true }); // a minus before the last
  assert.deepEqual(findPlace([5, 5, 2, 2], []), { index: 0, joinsNext: true });
});
