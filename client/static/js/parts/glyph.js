// Characters inside a text in the handwriting font, where a g looks like a 9: they are set in the text font.

import { make } from "./dom.js";

/**
 * @param {HTMLElement} element
 * @param {string} text
 * @param {string} character that the text names, at last on its own, as in "lowercase g"
 */
export function showWithGlyph(element, text, character) {
  const places = /^[A-Za-z0-9]$/.test(character)
    ? [...text.matchAll(RegExp(`(?<![\\p{Script=Latin}\\p{N}])${character}(?![\\p{Script=Latin}\\p{N}])`, "gu"))]
    : [];
  const at = places.at(-1)?.index;
  if (at === undefined) element.textContent = text;
  else element.replaceChildren(text.slice(0, at), make("b", { class: "glyph" }, character), text.slice(at + 1));
}
