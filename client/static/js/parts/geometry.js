// The drawing square and the geometry of strokes. Pure: numbers in, numbers out.

/** The largest coordinate of the square, both ways. The server refuses larger ones. */
export const LAST_COORDINATE = 1023;

/** The side of the square when it is painted: coordinates 0 to 1023 are 1,024 units. */
export const SQUARE_SIDE = LAST_COORDINATE + 1;

const FIT_MARGIN = 0.12; // share of the side that stays free around a fitted drawing

/** @typedef {[x: number, y: number, t_ms: number]} Point in the square, with its time */
/** @typedef {Point[]} Stroke */

/**
 * @param {number} share of the square's side, from the left or from the top
 * @returns {number} the whole coordinate there, never off the square
 */
export function toCoordinate(share) {
  return Math.min(LAST_COORDINATE, Math.max(0, Math.round(share * LAST_COORDINATE)));
}

/**
 * Scale and move a drawing so that it fills the middle of the square. Its proportions stay.
 *
 * @template {number[]} AnyPoint
 * @param {AnyPoint[][]} strokes of [x, y, …] in any unit
 * @returns {AnyPoint[][]} the same points in the square; what follows x and y is unchanged
 */
export function fitToSquare(strokes) {
  const [xs, ys] = [0, 1].map((axis) => strokes.flatMap((stroke) => stroke.map((point) => point[axis])));
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const scale = (SQUARE_SIDE * (1 - 2 * FIT_MARGIN)) / Math.max(right - left, bottom - top, Number.EPSILON);
  const move = (/** @type {AnyPoint} */ [x, y, ...rest]) =>
    /** @type {AnyPoint} */ ([
      (x - (left + right) / 2) * scale + SQUARE_SIDE / 2,
      (y - (top + bottom) / 2) * scale + SQUARE_SIDE / 2,
      ...rest,
    ]);
  return strokes.map((stroke) => stroke.map(move));
}

/**
 * @param {number[]} flat x, y, dt, x, y, dt, … as the play protocol sends a stroke; dt is ms since the last point
 * @returns {Stroke} the same points, each with its ms since the beginning
 */
export function unflattenStroke(flat) {
  let t = 0;
  return Array.from({ length: flat.length / 3 }, (_, i) => [flat[3 * i], flat[3 * i + 1], (t += flat[3 * i + 2])]);
}

/**
 * @param {[x: number, y: number, width: number, height: number]} box
 * @param {number} margin on each side, as a share of the longer side of the box
 * @returns {{ left: number, top: number, side: number }} the square around the middle of the box
 */
export function getSquareAround([x, y, width, height], margin) {
  const side = Math.max(width, height) * (1 + 2 * margin);
  return { left: x + width / 2 - side / 2, top: y + height / 2 - side / 2, side };
}
