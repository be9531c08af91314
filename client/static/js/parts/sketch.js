// Paints the ink of a kept drawing, as the pad does.

import { outlineOf } from "./line.js";

const SQUARE = 1024;
const MARGIN = 0.12; // of the square, around a drawing that is fitted into it
const HEAVIEST = 2.6; // times the width of the line, where a weight is 1
const DOT = 0.01; // what has no length is not painted

/**
 * @param {HTMLCanvasElement} canvas painted in its own CSS colour, at its size on the screen
 * @param {number[][][]} strokes of [x, y, …] on the 0-1023 square
 * @param {number} line width of the line in the square's units
 */
export function paint(canvas, strokes, line) {
  const context = cleared(canvas);
  if (!context) return;
  context.fillStyle = getComputedStyle(canvas).color;
  for (const stroke of strokes) context.fill(outlineOf(stroke, line, true));
}

/**
 * Paint strokes, and go over what carries weight in the canvas's accent colour, the heavier the broader.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[][][]} strokes of [x, y, weight] on the 0-1023 square; a weight of 1 is the heaviest, below 0 is none
 * @param {number} line width of the line in the square's units
 */
export function paintWeighed(canvas, strokes, line) {
  paint(canvas, strokes, line);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.strokeStyle = getComputedStyle(canvas).accentColor;
  context.lineCap = "round";
  for (const stroke of strokes) {
    stroke.forEach(([x, y, weight], at) => {
      if (weight <= 0) return;
      const [fromX, fromY] = stroke[Math.max(0, at - 1)];
      context.lineWidth = HEAVIEST * line * weight;
      context.beginPath();
      context.moveTo(fromX, fromY);
      context.lineTo(x + DOT, y);
      context.stroke();
    });
  }
}

/**
 * @template {number[]} Point
 * @param {Point[][]} strokes of [x, y, …] in any unit
 * @returns {Point[][]} the same in the middle of the square, all of one size
 */
export function fitted(strokes) {
  const [xs, ys] = [0, 1].map((axis) => strokes.flatMap((stroke) => stroke.map((point) => point[axis])));
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const scale = (SQUARE * (1 - 2 * MARGIN)) / Math.max(right - left, bottom - top, Number.MIN_VALUE);
  const place = (/** @type {Point} */ [x, y, ...rest]) =>
    /** @type {Point} */ ([
      (x - (left + right) / 2) * scale + SQUARE / 2,
      (y - (top + bottom) / 2) * scale + SQUARE / 2,
      ...rest,
    ]);
  return strokes.map((stroke) => stroke.map(place));
}

/** @param {HTMLCanvasElement} canvas */
function cleared(canvas) {
  const side = Math.round(canvas.clientWidth * devicePixelRatio);
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  context?.setTransform(side / SQUARE, 0, 0, side / SQUARE, 0, 0);
  context?.clearRect(0, 0, SQUARE, SQUARE);
  return context;
}
