// The smoothed line that a stroke leaves on the screen, the same on every page.

import { getStroke } from "perfect-freehand";

const SMOOTHING = { thinning: 0.25, smoothing: 0.6, streamline: 0.25, simulatePressure: true };

/**
 * @param {readonly (readonly number[])[]} stroke points [x, y, …]
 * @param {number} width of the line, in the unit of the points
 * @param {boolean} isFinished whether the pen has been lifted
 * @returns {number[][]} the corners [x, y] of a polygon around the line
 */
export function getOutline(stroke, width, isFinished) {
  const points = stroke.map(([x, y]) => [x, y]);
  return getStroke(points, { ...SMOOTHING, size: width, last: isFinished });
}

/**
 * @param {readonly (readonly number[])[]} stroke points [x, y, …]
 * @param {number} width of the line, in the unit of the points
 * @param {boolean} isFinished whether the pen has been lifted
 * @returns {Path2D} to be filled
 */
export function makeLine(stroke, width, isFinished) {
  const path = new Path2D();
  getOutline(stroke, width, isFinished).forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
  return path;
}
