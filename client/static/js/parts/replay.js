// How a drawing looked at a moment while it was made. Pure: times come in, points go out.

/**
 * A drawing as it is kept: for each stroke its x, its y and its times in ms.
 *
 * @typedef {number[][][]} Drawing
 * @typedef {[number, number, number]} Point x, y and ms since the first ink
 */

/**
 * @param {Drawing} drawing
 * @returns {Point[][]} strokes whose times start at 0 and never run backwards
 */
export function timed(drawing) {
  const first = drawing[0]?.[2]?.[0] ?? 0;
  let clock = 0;
  return drawing.map(([xs, ys, times = []]) =>
    xs.map((x, at) => {
      clock = Math.max(clock, (times[at] ?? first) - first);
      return [x, ys[at], clock];
    }),
  );
}

/**
 * @param {Point[][]} strokes
 * @returns {number} ms from the first ink to the last
 */
export function duration(strokes) {
  return strokes.at(-1)?.at(-1)?.[2] ?? 0;
}

/**
 * @param {Point[][]} strokes
 * @param {number} ms since the first ink
 * @returns {Point[][]} the ink that was on the paper by then
 */
export function inkAt(strokes, ms) {
  return strokes.map((stroke) => stroke.filter(([, , at]) => at <= ms)).filter((stroke) => stroke.length > 0);
}
