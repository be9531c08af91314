// How well each character is read, and what it is taken for.

import { charactersOf, ALPHABETS, spoken } from "../parts/alphabets.js";
import { copyOf, find, make, percent } from "../parts/page.js";

/**
 * @typedef {object} CharacterFigures shares of 1
 * @property {string} character
 * @property {number} samples
 * @property {number} folded with look-alikes accepted for each other
 * @property {string} mistaken_for what it is most often taken for; may be empty
 */

const KINDS = ["digits", "upper", "lower"];
const WEAK = 0.85; // less than this is underlined in red

/**
 * Show the characters in `place`, by their kind.
 *
 * @param {HTMLElement} place
 * @param {CharacterFigures[]} figures
 */
export function showCharacters(place, figures) {
  const known = new Map(figures.map((figure) => [figure.character, figure]));
  place.replaceChildren(
    ...KINDS.flatMap((kind) => {
      const rows = charactersOf(kind).flatMap((character) => known.get(character) ?? []);
      if (rows.length === 0) return [];
      const list = make("ul", { class: "characters" }, ...rows.map(shown));
      return [make("h3", {}, ALPHABETS[kind].title), list];
    }),
  );
}

/** @param {CharacterFigures} figure */
function shown({ character, samples, folded, mistaken_for: other }) {
  const cell = copyOf("character");
  cell.style.setProperty("--share", String(folded));
  cell.classList.toggle("character-weak", folded < WEAK);
  cell.title = `${samples} drawings`;
  find(".character-drawn", HTMLElement, cell).textContent = character;
  find(".character-spoken", HTMLElement, cell).textContent = `${spoken(character)}:`;
  find(".character-share", HTMLElement, cell).textContent = percent(folded);
  const mistaken = find(".character-mistaken", HTMLElement, cell);
  if (other) {
    mistaken.append(
      make("span", { "aria-hidden": true }, "as ", make("b", {}, other)),
      make("span", { class: "visually-hidden" }, `else taken for ${spoken(other)}`),
    );
  }
  return cell;
}
