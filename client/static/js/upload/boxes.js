// Boxes in a picture: turned, sought by a tap, and put in reading order. Pure.

/** @typedef {[x: number, y: number, width: number, height: number]} Box in pixels of the picture */

const ACROSS_LINES = 3; // how much farther a character on another line counts

/**
 * @param {Box} box in the picture as it was sent
 * @param {number} turn by how many quarters the picture is turned clockwise, 0 to 3
 * @param {number} width of the picture as it was sent
 * @param {number} height
 * @returns {Box} in the turned picture
 */
export function turnBox([x, y, w, h], turn, width, height) {
  if (turn === 1) return [height - y - h, x, h, w];
  if (turn === 2) return [width - x - w, height - y - h, w, h];
  if (turn === 3) return [y, width - x - w, h, w];
  return [x, y, w, h];
}

/**
 * @param {[x: number, y: number]} point in the picture as it was sent
 * @param {number} turn as for `turnBox`
 * @param {number} width
 * @param {number} height
 * @returns {[x: number, y: number]} in the turned picture
 */
export function turnPoint([x, y], turn, width, height) {
  const [left, top] = turnBox([x, y, 0, 0], turn, width, height);
  return [left, top];
}

/**
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 * @returns {[across: number, down: number]} how far a point is from a box, both 0 inside it
 */
function measureDistance([left, top, width, height], x, y) {
  return [Math.max(left - x, 0, x - left - width), Math.max(top - y, 0, y - top - height)];
}

/**
 * @param {Box[]} boxes
 * @param {number} x
 * @param {number} y
 * @param {number} reach how far from a box a tap may be, in the unit of the boxes
 * @returns {number | null} the smallest box with the point in it, or else the nearest in reach
 */
export function findBox(boxes, x, y, reach) {
  /** @type {number | null} */
  let best = null;
  let least = [reach, Infinity];
  boxes.forEach((box, i) => {
    const distance = [Math.hypot(...measureDistance(box, x, y)), box[2] * box[3]];
    if (distance[0] > least[0] || (distance[0] === least[0] && distance[1] >= least[1])) return;
    best = i;
    least = distance;
  });
  return best;
}

/**
 * Find where a sign would stand in the text: beside the nearest character, best on its own line.
 *
 * @param {Box} sign
 * @param {Box[]} characters in reading order
 * @returns {{ index: number, joinsNext: boolean }} before which character, and whether it is nearer to that one than to
 *   the one before
 */
export function findPlace([left, top, width, height], characters) {
  const [x, y] = [left + width / 2, top + height / 2];
  let best = { index: 0, joinsNext: true };
  let least = Infinity;
  characters.forEach((box, i) => {
    const [across, down] = measureDistance(box, x, y);
    const distance = Math.hypot(across, ACROSS_LINES * down);
    if (distance >= least) return;
    least = distance;
    const joinsNext = x < box[0] + box[2] / 2;
    best = { index: joinsNext ? i : i + 1, joinsNext };
  });
  return best;
}
