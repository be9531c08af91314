// The confusion matrix of a class: a row for each character that was missed, a column for each that was read instead.

import { make } from "../parts/dom.js";
import { nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").ReportCharacter} ReportCharacter */
/** @typedef {{ target: string, hits: number, misses: number, blank: number, cells: number[] }} Row */

/**
 * Pure.
 *
 * @param {ReportCharacter[]} characters most missed first
 * @returns {{ labels: string[], rows: Row[], most: number }} `most` is the largest number of any cell
 */
export function makeMatrix(characters) {
  const missed = characters.filter(({ misses }) => misses > 0);
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { read } of missed) for (const [label, count] of read) sums.set(label, (sums.get(label) ?? 0) + count);
  const labels = [...sums.keys()].sort((a, b) => /** @type {number} */ (sums.get(b)) - /** @type {number} */ (sums.get(a)) || (a < b ? -1 : 1));
  const rows = missed.map(({ target, hits, misses, blank, read }) => {
    const counts = new Map(read);
    return { target, hits, misses, blank, cells: labels.map((label) => counts.get(label) ?? 0) };
  });
  return { labels, rows, most: Math.max(1, ...rows.flatMap(({ cells }) => cells)) };
}

/**
 * @param {HTMLTableElement} table
 * @param {ReportCharacter[]} characters most missed first
 */
export function showMatrix(table, characters) {
  const { labels, rows, most } = makeMatrix(characters);
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, t("report.asked")),
    ...labels.map((label) => make("th", { scope: "col", "aria-label": nameCharacter(label) }, label)),
    make("th", { scope: "col", class: "matrix-word" }, t("report.blank")),
    make("th", { scope: "col", class: "matrix-word" }, t("report.hits")),
  );
  const body = rows.map(({ target, hits, blank, cells }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", "aria-label": nameCharacter(target) }, target),
      ...cells.map((count, i) => makeCell(count, most, labels[i] === target)),
      make("td", { class: "matrix-sum" }, blank ? String(blank) : ""),
      make("td", { class: "matrix-sum" }, String(hits)),
    ),
  );
  table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...body));
}

/** @param {number} count @param {number} most @param {boolean} isRight whether the right character was read, but not surely */
function makeCell(count, most, isRight) {
  const cell = make("td", { "data-count": count, "data-right": isRight }, count ? String(count) : "");
  cell.style.setProperty("--share", String(count / most));
  return cell;
}
