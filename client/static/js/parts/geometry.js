// The drawing square and the geometry of strokes. Pure: numbers in, numbers out.

/** The largest coordinate of the square, both ways. The server refuses larger ones. */
export const LAST_COORDINATE = 1023;

/** The side of the square when it is painted: coordinates 0 to 1023 are 1,024 units. */
export const SQUARE_SIDE = LAST_COORDINATE + 1;

/**
 * The part of the square that the pad shows. Around it is room for strokes that leave the pad: they keep their shape.
 *
 * @type {Area}
 */
export const PAD_AREA = { left: 208, top: 208, side: 608 };

/** @type {Area} */
export const WHOLE_SQUARE = { left: 0, top: 0, side: SQUARE_SIDE };

const FIT_MARGIN = 0.12; // share of the side that stays free around a fitted drawing
const GAP = 16; // left free beyond ink that leaves the pad, in units of the square

/** @typedef {[x: number, y: number, t_ms: number]} Point in the square, with its time */
/** @typedef {Point[]} Stroke */
/** @typedef {[x: number, y: number]} Place */
/** @typedef {{ left: number, top: number, side: number }} Area a square in any unit */

/**
 * @param {number} x share of the pad's width, from the left; beyond the pad it is less than 0 or more than 1
 * @param {number} y share of the pad's height, from the top
 * @returns {Place} in the units of the square, perhaps outside it
 */
export function toPlace(x, y) {
  return [PAD_AREA.left + x * PAD_AREA.side, PAD_AREA.top + y * PAD_AREA.side];
}

/**
 * @param {Place} from
 * @param {Place} to
 * @returns {[Place, Place] | null} the part of this straight line that lies in the square (Liang and Barsky 1984)
 */
export function clipToSquare(from, to) {
  let [start, end] = [0, 1]; // shares of the line
  for (const axis of [0, 1]) {
    const length = to[axis] - from[axis];
    if (!length && (from[axis] < 0 || from[axis] > LAST_COORDINATE)) return null;
    if (!length) continue;
    const crossings = [0, LAST_COORDINATE].map((border) => (border - from[axis]) / length);
    start = Math.max(start, Math.min(...crossings));
    end = Math.min(end, Math.max(...crossings));
  }
  if (start > end) return null;
  const at = (/** @type {number} */ share) =>
    /** @type {Place} */ ([0, 1].map((axis) => from[axis] + share * (to[axis] - from[axis])));
  return [start === 0 ? from : at(start), end === 1 ? to : at(end)];
}

/**
 * @param {number[][][]} strokes of [x, y, …] in the square
 * @returns {Area} what to show of the square: the pad, and as much around it as the drawing needs
 */
export function getView(strokes) {
  const borders = [0, 1].map((axis) => {
    const first = PAD_AREA.left;
    const last = first + PAD_AREA.side;
    const outside = strokes.flatMap((stroke) => stroke.map((point) => point[axis])).filter((c) => c < first || c > last);
    return [Math.min(first, ...outside.map((c) => c - GAP)), Math.max(last, ...outside.map((c) => c + GAP))];
  });
  const side = Math.max(...borders.map(([low, high]) => high - low));
  const [left, top] = borders.map(([low, high]) => (low + high - side) / 2);
  return { left, top, side };
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
 * @returns {Area} the square around the middle of the box
 */
export function getSquareAround([x, y, width, height], margin) {
  const side = Math.max(width, height) * (1 + 2 * margin);
  return { left: x + width / 2 - side / 2, top: y + height / 2 - side / 2, side };
}
