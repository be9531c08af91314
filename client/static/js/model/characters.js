// How well each character is read, and what it is mistaken for.

import { GROUPS } from "../parts/alphabets.js";
import { copyTemplate, find, make, setText } from "../parts/dom.js";
import { formatPercent, nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("./card.js").CharacterFigures} CharacterFigures */

const WEAK = 0.85; // characters read less often than this are shown in red

/**
 * Show the characters, grouped into digits, uppercase and lowercase.
 *
 * @param {HTMLElement} container
 * @param {CharacterFigures[]} figures
 */
export function showCharacters(container, figures) {
  const figuresByCharacter = new Map(figures.map((figure) => [figure.character, figure]));
  container.replaceChildren(
    ...GROUPS.flatMap(({ title, characters }) => {
      const cells = [...characters].flatMap((character) => figuresByCharacter.get(character) ?? []).map(makeCell);
      return cells.length ? [make("h3", {}, title), make("ul", { class: "characters" }, ...cells)] : [];
    }),
  );
}

/** @param {CharacterFigures} figures */
function makeCell({ character, samples, folded, mistaken_for: other }) {
  const cell = copyTemplate("character");
  cell.style.setProperty("--share", String(folded));
  cell.classList.toggle("character-weak", folded < WEAK);
  cell.title = t("card.drawings", { count: samples });
  setText(".character-label", character, cell);
  setText(".character-name", t("card.character", { character: nameCharacter(character) }), cell);
  setText(".character-share", formatPercent(folded), cell);
  if (other) {
    find(".character-confusion", HTMLElement, cell).append(
      make("span", { "aria-hidden": true }, t("card.mistaken_for_short"), " ", make("b", {}, other)),
      make("span", { class: "visually-hidden" }, t("card.mistaken_for", { character: nameCharacter(other) })),
    );
  }
  return cell;
}
