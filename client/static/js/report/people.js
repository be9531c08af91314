// The pupils of a report: a row for each, and a dialog with what was read in their drawings.

import { find, make, setText } from "../parts/dom.js";
import { toStrokes } from "../parts/drawing.js";
import { formatNumber, formatPercent, formatSeconds, nameCharacter } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { createWriter } from "../rooms/writer.js";

/** @typedef {import("../../../types/api").ReportPlayer} ReportPlayer */
/** @typedef {import("../../../types/api").ReportMiss} ReportMiss */

const MISSED_SHOWN = 4;

/** @param {string} target @param {string} label what was read @returns {string} such as "g › 9" */
function writeMisreading(target, label) {
  return `${target} › ${label}`;
}

/** @param {ReportPlayer} player @returns {string} such as "g › 9, q" */
export function listMissed({ characters }) {
  return characters
    .filter(({ misses }) => misses > 0)
    .slice(0, MISSED_SHOWN)
    .map(({ target, read }) => (read.length && read[0][0] !== target ? writeMisreading(target, read[0][0]) : target))
    .join(", ");
}

/**
 * @param {ReportMiss[]} misses
 * @param {ReturnType<typeof createWriter>} writer
 * @param {string} [name] of whoever drew them
 * @returns {{ items: HTMLElement[], paint: () => void }} paint them once they are on the page
 */
export function makeMisreadings(misses, writer, name = "") {
  /** @type {(() => void)[]} */
  const paints = [];
  const items = misses.map(({ target, label, drawing }) => {
    const canvas = make("canvas", { "aria-hidden": true });
    paints.push(() => writer.show(canvas, toStrokes(drawing)));
    const spoken = t("report.misread_spoken", { target: nameCharacter(target), label: label ? nameCharacter(label) : "–" });
    return make(
      "li",
      { class: "misreading", "data-testid": "misreading" },
      canvas,
      make("span", { class: "visually-hidden" }, spoken),
      make("b", { "aria-hidden": true }, label ? writeMisreading(target, label) : target),
      ...(name ? [make("span", { class: "misreading-name" }, name)] : []),
    );
  });
  return { items, paint: () => paints.forEach((paint) => paint()) };
}

/** @param {HTMLElement} page */
export function createPeople(page) {
  const body = find("[data-testid=players] tbody", HTMLElement, page);
  const dialog = find("[data-testid=player-dialog]", HTMLDialogElement);
  const drawings = find(".player-drawings", HTMLElement, dialog);
  const writer = createWriter();

  /** @param {ReportPlayer} player */
  function open(player) {
    setText("#player-name", player.name, dialog);
    setText(".player-words", player.drawings.length ? t("report.not_understood") : t("report.all_understood"), dialog);
    const { items, paint } = makeMisreadings(player.drawings, writer);
    drawings.replaceChildren(...items);
    dialog.showModal();
    paint();
  }

  find("[data-testid=close-player]", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());

  return {
    /** @param {ReportPlayer[]} players best first */
    show(players) {
      body.replaceChildren(
        ...players.map((player) => {
          const rank = 1 + players.findIndex(({ score }) => score === player.score);
          const name = make("button", { type: "button", class: "report-name" }, player.name);
          name.addEventListener("click", () => open(player));
          const figures = [
            formatNumber(player.score),
            formatNumber(player.hits),
            formatNumber(player.misses),
            player.accuracy === null ? "–" : formatPercent(player.accuracy),
            player.median_ms === null ? "–" : formatSeconds(player.median_ms),
          ];
          return make(
            "tr",
            { "data-testid": "player" },
            make("td", {}, formatNumber(rank)),
            make("th", { scope: "row" }, name),
            ...figures.map((figure) => make("td", {}, figure)),
            make("td", { class: "report-missed", dir: "ltr" }, listMissed(player)),
          );
        }),
      );
    },
  };
}
