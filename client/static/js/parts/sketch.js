// Paints the ink of a kept drawing, as the pad does.

import { outlineOf } from "./line.js";

const SQUARE = 1024;

/**
 * @param {HTMLCanvasElement} canvas painted in its own CSS colour, at its size on the screen
 * @param {import("./replay.js").Point[][]} strokes on the 0-1023 square
 * @param {number} line width of the line in the square's units
 */
export function paint(canvas, strokes, line) {
  const side = Math.round(canvas.clientWidth * devicePixelRatio);
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(side / SQUARE, 0, 0, side / SQUARE, 0, 0);
  context.clearRect(0, 0, SQUARE, SQUARE);
  context.fillStyle = getComputedStyle(canvas).color;
  for (const stroke of strokes) context.fill(outlineOf(stroke, line, true));
}
