// Stored drawings, and how they looked at any moment while they were made. Pure: times in, points out.

/** @typedef {import("./geometry.js").Stroke} Stroke */
/** @typedef {number[][][]} Drawing as it is stored: [[x…], [y…], [t in ms…]] for each stroke */

/**
 * @param {Drawing} drawing
 * @returns {Stroke[]} the strokes as points; their times start at 0 and never run backwards
 */
export function toStrokes(drawing) {
  const first = drawing[0]?.[2]?.[0] ?? 0;
  let clock = 0;
  return drawing.map(([xs, ys, times = []]) =>
    xs.map((x, i) => {
      clock = Math.max(clock, (times[i] ?? first) - first);
      return [x, ys[i], clock];
    }),
  );
}

/**
 * @param {Stroke[]} strokes
 * @returns {number} ms from the first point to the last
 */
export function getDuration(strokes) {
  return strokes.at(-1)?.at(-1)?.[2] ?? 0;
}

/**
 * @param {Stroke[]} strokes
 * @param {number} ms since the first point
 * @returns {Stroke[]} the points that were drawn by then
 */
export function getStrokesAt(strokes, ms) {
  return strokes.map((stroke) => stroke.filter(([, , t]) => t <= ms)).filter((stroke) => stroke.length > 0);
}
