// The weakest characters, the weakest first, and what they were taken for.

import { getJSON } from "../api.js";
import { find, make, setText } from "../parts/dom.js";
import { formatPercent, formatSeconds, nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { compareTrend, FEW_ROUNDS } from "./levels.js";
import { getPracticeLink } from "./practice.js";
import { makeThumbnail } from "./thumbnails.js";

/** @typedef {import("./levels.js").Character} Character */

const PRACTICED = 5;
const LISTED = 7;
const PICTURED = 6;

/** @param {HTMLElement} me @param {Character[]} characters weakest first */
export function showPractice(me, characters) {
  const weakest = characters.slice(0, PRACTICED).map(({ character }) => character);
  const link = find(".me-practice", HTMLAnchorElement, me);
  link.href = getPracticeLink(weakest);
  setText(".me-practice-words", t("letters.practice", { count: weakest.length }), link);
  setText(".me-practice-characters", weakest.join(" "), link);
}

/**
 * @param {HTMLElement} list
 * @param {Character[]} characters weakest first
 * @param {(character: string) => void} onChoose
 */
export function showWeakest(list, characters, onChoose) {
  list.replaceChildren(
    ...characters.slice(0, LISTED).map((figures) => {
      const { character, rounds, accuracy, median_ms: ms, misread_as: misread, trend } = figures;
      const change = compareTrend(trend);
      const numbers = [formatPercent(accuracy), ms === null ? "" : formatSeconds(ms)].filter(Boolean);
      const notes = [
        rounds < FEW_ROUNDS ? t("letters.cell_few") : "",
        misread ? t("letters.seen_often", { character: nameCharacter(misread.label), count: misread.count }) : "",
      ].filter(Boolean);
      const button = make(
        "button",
        { type: "button", class: "weak", "data-character": character },
        make("b", { "aria-hidden": true }, character),
        make("span", { class: "visually-hidden" }, `${nameCharacter(character)}: `),
        make(
          "span",
          { class: "weak-line" },
          make("span", { class: "weak-numbers" }, numbers.join(" · ")),
          ...(change ? [" ", make("span", { class: "weak-change", "data-change": change }, t(`letters.${change}`))] : []),
        ),
        " ",
        make("span", { class: "weak-notes" }, notes.join(" · ")),
      );
      button.addEventListener("click", () => onChoose(character));
      return make("li", {}, button);
    }),
  );
}

/**
 * Show drawings that were taken for other characters, the most frequent mistakes first.
 *
 * @param {HTMLElement} list
 * @param {Character[]} characters
 * @param {(character: string) => void} onChoose
 */
export async function showMisread(list, characters, onChoose) {
  const misread = characters
    .flatMap(({ character, misread_as: other }) => (other ? [{ character, ...other }] : []))
    .sort((one, other) => other.count - one.count)
    .slice(0, PICTURED);
  const cards = await Promise.all(
    misread.map(async ({ character, label, count }) => {
      const drawing = await loadMisread(character, label);
      const button = make(
        "button",
        { type: "button", class: "misread", "data-character": character },
        ...(drawing ? [makeThumbnail(drawing)] : []),
        make("span", { class: "misread-meant" }, t("letters.meant", { character: nameCharacter(character) })),
        " ",
        make("span", { class: "misread-seen" }, t("letters.seen_often", { character: nameCharacter(label), count })),
      );
      button.addEventListener("click", () => onChoose(character));
      return make("li", {}, button);
    }),
  );
  list.replaceChildren(...cards);
  return cards.length;
}

/** @param {string} character @param {string} label what it was taken for @returns {Promise<number[][][] | undefined>} */
async function loadMisread(character, label) {
  /** @type {import("../../../types/api").MyDrawings} */
  const { drawings } = await getJSON(`/api/me/drawings?${new URLSearchParams({ character })}`).catch(() => ({ drawings: [] }));
  return (drawings.find((drawing) => drawing.label === label) ?? drawings[0])?.drawing;
}
