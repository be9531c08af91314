// All characters, tinted by how weak they are.

import { GROUPS } from "../parts/alphabets.js";
import { make } from "../parts/dom.js";
import { formatPercent, formatSeconds, nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { FEW_ROUNDS, getLevel } from "./levels.js";

/** @typedef {import("./levels.js").Character} Character */
/** @typedef {import("./levels.js").Measure} Measure */

/**
 * @param {HTMLElement} container
 * @param {Character[]} characters
 * @param {number | null} usualMs the player's typical time of a hit
 * @param {Measure} measure
 * @param {(character: string) => void} onChoose
 */
export function showHeatMap(container, characters, usualMs, measure, onChoose) {
  const byCharacter = new Map(characters.map((figures) => [figures.character, figures]));
  container.replaceChildren(
    ...GROUPS.map(({ name, title, characters: group }) =>
      make(
        "ul",
        { "aria-label": title, "data-group": name },
        ...[...group].map((character) => make("li", {}, makeCell(character, byCharacter.get(character)))),
      ),
    ),
  );

  /** @param {string} character @param {Character} [figures] */
  function makeCell(character, figures) {
    const level = figures ? String(getLevel(measure, figures, usualMs)) : "none";
    const cell = make(
      "button",
      { type: "button", class: "cell tint", "data-level": level, "data-character": character },
      make("b", { "aria-hidden": true }, character),
      make("span", { class: "cell-figure", "aria-hidden": true }, figures ? writeFigure(measure, figures) : ""),
      make("span", { class: "visually-hidden" }, describe(character, figures)),
    );
    cell.addEventListener("click", () => onChoose(character));
    return cell;
  }
}

/** @param {Measure} measure @param {Character} figures */
function writeFigure(measure, { accuracy, median_ms: ms }) {
  if (measure === "accuracy") return formatPercent(accuracy);
  return ms === null ? "–" : formatSeconds(ms);
}

/** @param {string} character @param {Character} [figures] */
function describe(character, figures) {
  const name = nameCharacter(character);
  if (!figures) return t("letters.cell_none", { character: name });
  const { rounds, hits, median_ms: ms } = figures;
  const words =
    ms === null
      ? t("letters.cell_missed", { character: name, rounds })
      : t("letters.cell", { character: name, hits, rounds, time: formatSeconds(ms) });
  return rounds < FEW_ROUNDS ? `${words} (${t("letters.cell_few")})` : words;
}
