// The alphabets by the names the server knows them by, and how they are called on the page.

const DIGITS = "0123456789";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = "abcdefghijklmnopqrstuvwxyz";

/** @type {Readonly<Record<string, { title: string, characters: string }>>} */
export const ALPHABETS = Object.freeze({
  any: { title: "Everything", characters: DIGITS + UPPER + LOWER },
  digits: { title: "Digits", characters: DIGITS },
  upper: { title: "Capitals", characters: UPPER },
  lower: { title: "Small letters", characters: LOWER },
  letters: { title: "All letters", characters: UPPER + LOWER },
});

/**
 * @param {string} alphabet
 * @returns {string[]} its characters, in the order people know them by
 */
export function charactersOf(alphabet) {
  return [...(ALPHABETS[alphabet] ?? ALPHABETS.any).characters];
}

/**
 * Name a character so that a capital and a small letter sound different, for readers who cannot see it.
 *
 * @param {string} character
 */
export function spoken(character) {
  if (/^[A-Z]$/.test(character)) return `capital ${character}`;
  if (/^[a-z]$/.test(character)) return `small ${character}`;
  return character;
}
