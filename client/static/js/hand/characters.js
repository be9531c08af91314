// The characters that were learned, each with its drawings as small buttons.

import { copyTemplate, find, setText } from "../parts/dom.js";
import { toStrokes } from "../parts/drawing.js";
import { formatDate, nameCharacter } from "../parts/format.js";
import { fitToSquare } from "../parts/geometry.js";
import { getOutline } from "../parts/line.js";
import { t } from "../parts/messages.js";
import { makeSvg } from "../parts/svg.js";

/** @typedef {import("../../../types/api").HandCharacter} Character */
/** @typedef {import("../../../types/api").HandDrawing} Drawing */

const LINE = 56; // width of the line, where 1,024 is the width of the picture

/**
 * @param {Character} learned
 * @param {{ onCharacter: () => void, onDrawing: (item: HTMLElement, drawing: Drawing) => void }} listeners
 * @returns {HTMLElement}
 */
export function makeCharacter({ character, drawings, known: isKnown }, { onCharacter, onDrawing }) {
  const item = copyTemplate("hand-character");
  item.dataset.character = character;
  setText(".hand-glyph", character, item);
  setText("h3 span", nameCharacter(character), item);
  setText(".hand-known span", t("learned.known"), item);
  showCount(item, drawings.length, isKnown);
  find(".hand-forget-character", HTMLButtonElement, item).addEventListener("click", onCharacter);
  find(".hand-drawings", HTMLElement, item).append(
    ...drawings.map((drawing) => makeDrawing(character, drawing, onDrawing)),
  );
  markCharacter(item, false);
  return item;
}

/** @param {HTMLElement} item of a character @param {number} count of its drawings @param {boolean} isKnown */
export function showCount(item, count, isKnown) {
  find(".hand-known", HTMLElement, item).hidden = !isKnown;
  setText(".hand-count", t("learned.drawings", { count }), item);
}

/** @param {string} character @param {Drawing} drawing @param {(item: HTMLElement, drawing: Drawing) => void} onDrawing */
function makeDrawing(character, drawing, onDrawing) {
  const item = copyTemplate("hand-drawing");
  item.dataset.origin = drawing.origin;
  item.dataset.character = character;
  item.dataset.at = drawing.at;
  const lines = fitToSquare(toStrokes(drawing.drawing)).map((stroke) => getOutline(stroke, LINE, true));
  const path = lines.map((line) => `M${line.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join("L")}Z`).join("");
  find("svg.hand-ink", SVGElement, item).append(makeSvg("path", { d: path }));
  setText(".hand-undo span", t("learned.undo"), item);
  find("button", HTMLButtonElement, item).addEventListener("click", () => onDrawing(item, drawing));
  markDrawing(item, false);
  return item;
}

/** @param {HTMLElement} item of a drawing @param {boolean} isForgotten whether it is about to be forgotten */
export function markDrawing(item, isForgotten) {
  const { character = "", origin, at = "" } = item.dataset;
  const values = { character: nameCharacter(character), date: formatDate(at, { day: "numeric", month: "long", year: "numeric" }) };
  item.dataset.forgotten = String(isForgotten);
  const words = isForgotten ? "learned.undo_drawing" : origin === "label" ? "learned.forget_label" : "learned.forget_hit";
  find("button", HTMLButtonElement, item).setAttribute("aria-label", t(words, values));
}

/** @param {HTMLElement} item of a character @param {boolean} isForgotten whether all of it is about to be forgotten */
export function markCharacter(item, isForgotten) {
  const character = nameCharacter(item.dataset.character ?? "");
  item.dataset.forgotten = String(isForgotten);
  const button = find(".hand-forget-character", HTMLButtonElement, item);
  button.textContent = t(isForgotten ? "learned.undo" : "learned.forget");
  button.setAttribute("aria-label", t(isForgotten ? "learned.undo_character" : "learned.forget_character", { character }));
  for (const drawing of item.querySelectorAll(".hand-drawing")) {
    if (drawing instanceof HTMLButtonElement) drawing.disabled = isForgotten;
  }
}
