// The model's best candidates as bars.

import { spoken } from "./alphabets.js";
import { copyOf, find, percent } from "./page.js";

export const SHOWN = 5;

/** @typedef {{ label: string, probability: number }} Candidate */

/**
 * Show the best candidates in `list`, growing and shrinking the bars that are there rather than making new ones,
 * so that they move smoothly while somebody draws.
 *
 * @param {HTMLElement} list
 * @param {Candidate[]} candidates best first
 */
export function showCandidates(list, candidates) {
  const best = candidates.slice(0, SHOWN);
  while (list.children.length < best.length) list.append(copyOf("candidate"));
  while (list.children.length > best.length) list.lastElementChild?.remove();
  best.forEach(({ label, probability }, place) => {
    const row = /** @type {HTMLElement} */ (list.children[place]);
    row.style.setProperty("--share", String(probability));
    find(".candidate-label", HTMLElement, row).textContent = label;
    find(".candidate-name", HTMLElement, row).textContent = spoken(label);
    find(".candidate-share", HTMLElement, row).textContent = percent(probability);
  });
}
