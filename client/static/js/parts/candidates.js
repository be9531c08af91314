// The model's best candidates as bars.

import { copyTemplate, setText } from "./dom.js";
import { formatPercent, nameCharacter } from "./format.js";

const MOST_SHOWN = 5;

/** @typedef {{ label: string, probability: number }} Candidate */

/**
 * Show the best candidates in `list`. Existing bars are reused, so that they move smoothly while somebody draws.
 *
 * @param {HTMLElement} list
 * @param {Candidate[]} candidates best first
 */
export function showCandidates(list, candidates) {
  const best = candidates.slice(0, MOST_SHOWN);
  while (list.children.length < best.length) list.append(copyTemplate("candidate"));
  while (list.children.length > best.length) list.lastElementChild?.remove();
  best.forEach(({ label, probability }, i) => {
    const row = /** @type {HTMLElement} */ (list.children[i]);
    row.style.setProperty("--share", String(probability));
    setText(".candidate-label", label, row);
    setText(".candidate-name", nameCharacter(label), row);
    setText(".candidate-share", formatPercent(probability), row);
  });
}
