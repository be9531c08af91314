// One character in a dialog: its figures, the player's drawings of it, and how others write it.

import { getJSON } from "../api.js";
import { closeByPressBeside, find, make, setText } from "../parts/dom.js";
import { formatSeconds, nameCharacter } from "../parts/format.js";
import { showWithGlyph } from "../parts/glyph.js";
import { makeHowTo } from "../parts/how-to.js";
import { t } from "../parts/messages.js";
import { getPracticeLink } from "./practice.js";
import { makeThumbnail } from "./thumbnails.js";
import { makeTrendCharts } from "./time.js";

/** @typedef {import("./levels.js").Character} Character */
/** @typedef {import("../../../types/api").MyDrawing} MyDrawing */

const MISREAD = 6;
const UNDERSTOOD = 6;

export function createDetails() {
  const dialog = find("dialog.details", HTMLDialogElement);
  const trend = find(".details-trend", HTMLElement, dialog);
  const yours = find(".details-drawings", HTMLElement, dialog);
  const others = find(".details-others", HTMLElement, dialog);
  let opened = "";

  /** @param {string} character @param {"misread" | "understood"} which @param {number} limit @returns {Promise<MyDrawing[]>} */
  async function loadDrawings(character, which, limit) {
    const query = new URLSearchParams({ character, which, limit: String(limit) });
    return (await getJSON(`/api/me/drawings?${query}`).catch(() => ({ drawings: [] }))).drawings;
  }

  /** @param {string} character */
  async function showDrawings(character) {
    const [misread, understood] = await Promise.all([
      loadDrawings(character, "misread", MISREAD),
      loadDrawings(character, "understood", UNDERSTOOD),
    ]);
    if (opened !== character) return;
    const items = [...misread, ...understood].map((drawing, i) => makeItem(drawing, i < misread.length));
    yours.replaceChildren(...items);
    dialog.dataset.drawn = String(items.length > 0);
  }

  /** @param {MyDrawing} drawing @param {boolean} isMisread */
  function makeItem({ label, drawing }, isMisread) {
    const words = isMisread ? t("letters.seen_as", { character: nameCharacter(label) }) : t("letters.understood");
    return make("li", { "data-misread": String(isMisread) }, makeThumbnail(drawing), make("span", {}, words));
  }

  /** @param {string} character */
  async function showOthers(character) {
    const howTo = await makeHowTo(character).catch(() => "");
    if (opened === character) others.replaceChildren(howTo);
  }

  find(".dialog-close", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  closeByPressBeside(dialog);
  dialog.addEventListener("close", () => {
    opened = "";
    others.replaceChildren(); // so that nothing goes on moving
  });

  return {
    /** @param {string} character @param {Character} [figures] none if it was never asked for */
    open(character, figures) {
      opened = character;
      setText(".details-character", character, dialog);
      showWithGlyph(find("#details-title", HTMLElement, dialog), nameCharacter(character), character);
      setText(".details-hits", figures ? t("letters.of", { hits: figures.hits, rounds: figures.rounds }) : "–", dialog);
      setText(".details-time", figures?.median_ms ? formatSeconds(figures.median_ms) : "–", dialog);
      const taken = figures?.misread_as;
      setText(".details-taken", taken ? `${nameCharacter(taken.label)} (${t("letters.times", { count: taken.count })})` : "–", dialog);
      find(".details-practice", HTMLAnchorElement, dialog).href = getPracticeLink([character]);
      trend.replaceChildren(...(figures?.trend.length ? makeTrendCharts(figures.trend) : [make("p", { class: "me-note" }, t("letters.no_trend"))]));
      yours.replaceChildren();
      others.replaceChildren();
      dialog.dataset.drawn = "false";
      dialog.showModal();
      find(".details-sheet", HTMLElement, dialog).scrollTop = 0;
      showDrawings(character);
      showOthers(character);
    },
  };
}
