// The alphabets, as the page lists them (templates/parts/alphabets.html).

import { find } from "./dom.js";

/** @typedef {{ name: string, title: string, characters: string }} Alphabet */

/** @type {Alphabet[]} */
export const ALPHABETS = JSON.parse(find("#alphabets", HTMLScriptElement).textContent ?? "");

/** The alphabets that share no character: digits, uppercase and lowercase. */
export const GROUPS = ALPHABETS.filter(({ name }) => ["digits", "upper", "lower"].includes(name));

/**
 * @param {string} name
 * @returns {string} the alphabet's title on pages
 */
export function getTitle(name) {
  return ALPHABETS.find((alphabet) => alphabet.name === name)?.title ?? name;
}

/**
 * @param {string} name
 * @returns {string[]} the alphabet's characters: digits, then uppercase, then lowercase
 */
export function getCharacters(name) {
  return [...(ALPHABETS.find((alphabet) => alphabet.name === name)?.characters ?? "")];
}
