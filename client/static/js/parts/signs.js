// The signs of a card, as pages draw them: the letters of the pages' own fonts have no emoji.

import { make } from "./dom.js";

const SIGNS = /** @type {Record<string, string>} */ ({ "🟨": "fast", "🟧": "medium", "🟫": "slow", "❌": "miss" });

/**
 * @param {string} text of a card
 * @returns {(HTMLElement | string)[]} the same with drawn signs
 */
export function drawSigns(text) {
  return Array.from(text, (sign) => (SIGNS[sign] ? make("i", { "data-sign": SIGNS[sign] }) : sign));
}
