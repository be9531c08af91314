// Characters inside a text in the handwriting font, where a g looks like a 9: they are set in the text font.

import { make } from "./dom.js";

/**
 * Pure.
 *
 * @param {string} text
 * @param {string} character a digit or a letter
 * @returns {number} where it stands last on its own, as in "lowercase g"; -1 if it does not
 */
export function findGlyph(text, character) {
  if (!/^[A-Za-z0-9]$/.test(character)) return -1;
  const alone = RegExp(`(?<![\\p{Script=Latin}\\p{N}])${character}(?![\\p{Script=Latin}\\p{N}])`, "gu");
  return [...text.matchAll(alone)].at(-1)?.index ?? -1;
}

/** @param {HTMLElement} element @param {string} text to show there @param {string} character that it names */
export function showWithGlyph(element, text, character) {
  const at = findGlyph(text, character);
  if (at < 0) element.textContent = text;
  else element.replaceChildren(text.slice(0, at), make("b", { class: "glyph" }, character), text.slice(at + 1));
}
