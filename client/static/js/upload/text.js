// The text of a picture, made of its characters, and how corrections change it. Pure: every change returns a new list.

/**
 * @typedef {object} Letter a character of the picture, in reading order
 * @property {string} label what the text says here
 * @property {string} gap what stands before it: "", a space or a line break
 * @property {boolean} isLeftOut whether it is not part of the text, such as a speck that is no character
 *
 * @typedef {readonly Letter[]} Letters
 */

/**
 * @param {string} text with spaces and line breaks between the characters
 * @returns {Letter[]}
 */
export function parseText(text) {
  /** @type {Letter[]} */
  const letters = [];
  let gap = "";
  for (const sign of text) {
    if (sign.trim()) {
      letters.push({ label: sign, gap, isLeftOut: false });
      gap = "";
    } else gap += sign;
  }
  return letters;
}

/**
 * @param {Letters} letters
 * @returns {{ gap: string, label: string }[]} what each letter adds to the text. One that is left out adds nothing, and
 *   the wider of the gaps around it stays.
 */
export function listPieces(letters) {
  let isFirst = true;
  let waiting = "";
  return letters.map(({ label, gap, isLeftOut }) => {
    waiting = getWider(waiting, gap);
    if (isLeftOut) return { gap: "", label: "" };
    const piece = { gap: isFirst ? "" : waiting, label };
    isFirst = false;
    waiting = "";
    return piece;
  });
}

/** @param {string} a @param {string} b @returns {string} a line break rather than a space, and a space rather than nothing */
function getWider(a, b) {
  if (a.includes("\n")) return a;
  return b.includes("\n") ? b : a || b;
}

/** @param {Letters} letters @returns {string} */
export function composeText(letters) {
  return listPieces(letters)
    .map(({ gap, label }) => gap + label)
    .join("");
}

/**
 * @param {Letters} letters
 * @param {number} index
 * @param {string} label
 */
export function setLabel(letters, index, label) {
  return change(letters, index, { label, isLeftOut: false });
}

/**
 * @param {Letters} letters
 * @param {number} index
 * @param {boolean} isLeftOut
 */
export function leaveOut(letters, index, isLeftOut) {
  return change(letters, index, { isLeftOut });
}

/**
 * @param {Letters} letters
 * @param {number} index of the letter before which a space is put or taken away; a line break becomes a space
 */
export function toggleSpace(letters, index) {
  return change(letters, index, { gap: letters[index].gap === " " ? "" : " " });
}

/**
 * @param {Letters} letters
 * @param {number} index
 * @param {Partial<Letter>} changes
 */
function change(letters, index, changes) {
  return letters.map((letter, i) => (i === index ? { ...letter, ...changes } : letter));
}

/**
 * @param {Letters} letters
 * @param {number} index
 * @param {string} key as keyboard events name it
 * @returns {number | null} the letter that the key leads to, null for another key
 */
export function findByKey(letters, index, key) {
  const starts = letters.flatMap(({ gap }, i) => (i === 0 || gap.includes("\n") ? [i] : []));
  const line = starts.findLastIndex((start) => start <= index);
  const getEnd = (/** @type {number} */ n) => (starts[n + 1] ?? letters.length) - 1;
  /** @param {number} n a line @param {number} beyond where to go if there is no such line */
  const goToLine = (n, beyond) =>
    n in starts ? Math.min(starts[n] + index - starts[line], getEnd(n)) : beyond;
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, index - 1);
    case "ArrowRight":
      return Math.min(letters.length - 1, index + 1);
    case "ArrowUp":
      return goToLine(line - 1, starts[line]);
    case "ArrowDown":
      return goToLine(line + 1, getEnd(line));
    case "Home":
      return starts[line];
    case "End":
      return getEnd(line);
    default:
      return null;
  }
}

/**
 * @param {[x: number, y: number, width: number, height: number][]} boxes
 * @param {number} x
 * @param {number} y
 * @param {number} reach how far from a box a tap may be, in the unit of the boxes
 * @returns {number | null} the smallest box with the point in it, or else the nearest in reach
 */
export function findBox(boxes, x, y, reach) {
  /** @type {number | null} */
  let best = null;
  let least = [reach, Infinity];
  boxes.forEach(([left, top, width, height], i) => {
    const across = Math.max(left - x, 0, x - left - width);
    const down = Math.max(top - y, 0, y - top - height);
    const distance = [Math.hypot(across, down), width * height];
    if (distance[0] > least[0] || (distance[0] === least[0] && distance[1] >= least[1])) return;
    best = i;
    least = distance;
  });
  return best;
}
