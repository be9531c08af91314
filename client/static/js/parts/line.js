// The line that ink leaves on the screen, on every page: smoothed here, and nowhere else.

import { getStroke } from "perfect-freehand";

const SMOOTHING = { thinning: 0.25, smoothing: 0.6, streamline: 0.25, simulatePressure: true };

/**
 * @param {readonly (readonly number[])[]} stroke points [x, y, …]
 * @param {number} size width of the line, in the unit of the points
 * @param {boolean} last whether the pen has been lifted
 * @returns {Path2D} to be filled
 */
export function outlineOf(stroke, size, last) {
  const path = new Path2D();
  const outline = getStroke(stroke.map(([x, y]) => [x, y]), { ...SMOOTHING, size, last });
  outline.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
  return path;
}
