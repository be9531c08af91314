// Paints strokes on canvases, in the units of the drawing square.

import { getView, SQUARE_SIDE, WHOLE_SQUARE } from "./geometry.js";
import { makeLine } from "./line.js";

/** @typedef {import("./geometry.js").Area} Area */

const HEAVIEST = 2.6; // width of the mark where the weight is 1, in widths of the line
const DOT = 0.01; // browsers paint nothing for a line without length

/**
 * Clear a canvas, give it as many pixels as it has on the screen, and set its unit to that of the square.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Area} [view] the part of the square that it shows
 * @returns {CanvasRenderingContext2D | null} null while the canvas has no size
 */
export function prepareCanvas(canvas, view = WHOLE_SQUARE) {
  const side = Math.round(canvas.clientWidth * devicePixelRatio);
  if (!side) return null;
  if (canvas.width !== side || canvas.height !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const scale = side / view.side;
  context?.setTransform(scale, 0, 0, scale, -scale * view.left, -scale * view.top);
  context?.clearRect(view.left, view.top, view.side, view.side);
  return context;
}

/**
 * @param {HTMLCanvasElement} canvas painted in its own CSS color
 * @param {number[][][]} strokes of [x, y, …] in the square
 * @param {number} width of the line, where 1,024 is the width of the canvas
 * @param {Area} [view] the part of the square to show; by default the pad, and more if the drawing leaves it
 */
export function paintStrokes(canvas, strokes, width, view = getView(strokes)) {
  const context = prepareCanvas(canvas, view);
  if (!context) return;
  context.fillStyle = getComputedStyle(canvas).color;
  for (const stroke of strokes) context.fill(makeLine(stroke, (width * view.side) / SQUARE_SIDE, true));
}

/**
 * Paint strokes, and mark the parts with weight in the canvas's accent color: the more weight, the wider.
 *
 * @param {HTMLCanvasElement} canvas shows the whole square
 * @param {number[][][]} strokes of [x, y, weight] in the square; weights are at most 1, and 0 or less is not marked
 * @param {number} width of the line, in units of the square
 */
export function paintWeightedStrokes(canvas, strokes, width) {
  paintStrokes(canvas, strokes, width, WHOLE_SQUARE);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.strokeStyle = getComputedStyle(canvas).accentColor;
  context.lineCap = "round";
  for (const stroke of strokes) {
    stroke.forEach(([x, y, weight], i) => {
      if (weight <= 0) return;
      const [fromX, fromY] = stroke[Math.max(0, i - 1)];
      context.lineWidth = HEAVIEST * width * weight;
      context.beginPath();
      context.moveTo(fromX, fromY);
      context.lineTo(x + DOT, y);
      context.stroke();
    });
  }
}
