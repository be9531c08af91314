// The text of a picture, made of its characters, and how corrections change it. Pure: every change returns a new list.

/**
 * @typedef {object} Letter a mark of the picture, in reading order
 * @property {string} label what the text says here
 * @property {string} gap what stands before it: "", a space or a line break
 * @property {boolean} isLeftOut whether it is not part of the text, such as a speck that is no character
 * @property {boolean} isSign whether it was taken for a sign. It is hidden from the text as long as it is left out.
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
  for (const character of text) {
    if (character.trim()) {
      letters.push({ label: character, gap, isLeftOut: false, isSign: false });
      gap = "";
    } else gap += character;
  }
  return letters;
}

/**
 * Put a sign into a text, where it is hidden at first.
 *
 * @param {Letters} letters
 * @param {number} index where it will stand
 * @param {string} label
 * @param {boolean} joinsNext whether it belongs to the letter behind it, and not to the one before
 * @returns {Letter[]}
 */
export function insertSign(letters, index, label, joinsNext) {
  const next = letters[index];
  const takesGap = joinsNext && next !== undefined;
  const sign = { label, gap: takesGap ? next.gap : "", isLeftOut: true, isSign: true };
  const rest = takesGap ? [{ ...next, gap: "" }, ...letters.slice(index + 1)] : letters.slice(index);
  return [...letters.slice(0, index), sign, ...rest];
}

/** @param {Letter} letter @returns {boolean} whether the page does not show it in the text */
export function isHidden({ isLeftOut, isSign }) {
  return isLeftOut && isSign;
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
 * @param {Letter} letter what it was before
 */
export function restore(letters, index, letter) {
  return change(letters, index, letter);
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
 * @returns {{ index: number, gap: string }[]} the letters that are not hidden, with the gap that the page shows
 */
function listShown(letters) {
  let waiting = "";
  return letters.flatMap((letter, index) => {
    waiting = getWider(waiting, letter.gap);
    if (isHidden(letter)) return [];
    const gap = waiting;
    waiting = "";
    return [{ index, gap }];
  });
}

/**
 * @param {Letters} letters
 * @param {number} index of a letter that is not hidden
 * @returns {{ number: number, total: number }} its number among those that are not hidden, from 1
 */
export function countShown(letters, index) {
  const isShown = (/** @type {Letter} */ letter) => !isHidden(letter);
  return { number: letters.slice(0, index + 1).filter(isShown).length, total: letters.filter(isShown).length };
}

/**
 * @param {Letters} letters
 * @param {number} index of a letter that is not hidden
 * @param {string} key as keyboard events name it
 * @returns {number | null} the letter that the key leads to, null for another key
 */
export function findByKey(letters, index, key) {
  const shown = listShown(letters);
  const at = shown.findIndex((place) => place.index === index);
  const to = findAmongShown(shown.map(({ gap }) => gap), at, key);
  return to === null ? null : (shown[to]?.index ?? index);
}

/**
 * @param {string[]} gaps before each letter
 * @param {number} at
 * @param {string} key
 * @returns {number | null}
 */
function findAmongShown(gaps, at, key) {
  const starts = gaps.flatMap((gap, i) => (i === 0 || gap.includes("\n") ? [i] : []));
  const line = starts.findLastIndex((start) => start <= at);
  const getEnd = (/** @type {number} */ n) => (starts[n + 1] ?? gaps.length) - 1;
  /** @param {number} n a line @param {number} beyond where to go if there is no such line */
  const goToLine = (n, beyond) => (n in starts ? Math.min(starts[n] + at - starts[line], getEnd(n)) : beyond);
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "ArrowRight":
      return Math.min(gaps.length - 1, at + 1);
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
