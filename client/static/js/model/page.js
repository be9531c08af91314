// The model page: which model guesses, how often it is right, and whose handwriting it learned from.

import "../common/page.js";
import { describeError, getJSON } from "../api.js";
import { ALPHABETS } from "../parts/alphabets.js";
import { copyTemplate, find, make, setText } from "../parts/dom.js";
import { formatDate, formatDecimal, formatNumber, formatPrecisePercent } from "../parts/format.js";
import { t } from "../parts/messages.js";
import { describeLearned, findDoi } from "./card.js";
import { showCharacters } from "./characters.js";
import { showVersions } from "./versions.js";

/** @typedef {import("./card.js").Card} Card */

const page = find(".model", HTMLElement);

/** @param {string} selector @param {boolean} isHidden */
function setHidden(selector, isHidden) {
  find(selector, HTMLElement, page).hidden = isHidden;
}

/** @param {string} version @param {Card} card */
function showAbout(version, { created, parameters }) {
  setText(".model-version", version, page);
  setText(".model-created", created ? formatDate(created, { dateStyle: "long" }) : t("card.unknown"), page);
  setText(".model-parameters", parameters ? formatNumber(parameters) : t("card.unknown"), page);
}

/** @param {import("../../../types/api").Counts} counts */
function showCounts({ rounds, games, players, labelled, mirrored }) {
  setText(".model-rounds", formatNumber(rounds), page);
  setText(".model-games", formatNumber(games), page);
  setText(".model-players", formatNumber(players), page);
  setText(".model-labeled", formatNumber(labelled), page);
  setHidden(".model-mirrored", mirrored === null);
  if (mirrored === null) return;
  setText(".model-mirrored", t("card.mirrored", { rounds, mirrored }), page);
}

/** @param {Card} card */
function showAccuracy({ figures }) {
  setHidden(".model-accuracy", !figures);
  if (!figures) return;
  setText(".model-measured-on", figures.on, page);
  find(".model-figures", HTMLElement, page).replaceChildren(
    ...ALPHABETS.flatMap(({ name, title }) => {
      const figure = figures.by_alphabet[name];
      return figure ? [makeFigure(title, figure)] : [];
    }),
  );
}

/** @param {string} title @param {import("./card.js").Figures} figures */
function makeFigure(title, { accuracy, folded }) {
  const row = copyTemplate("figure");
  row.style.setProperty("--share", String(folded));
  setText(".figure-name", title, row);
  setText(".figure-folded", formatPrecisePercent(folded), row);
  setText(".figure-exact", accuracy === folded ? "" : t("card.exact", { share: formatPrecisePercent(accuracy) }), row);
  return row;
}

/** @param {Card} card */
function showByCharacter({ figures }) {
  setHidden(".model-by-character", !figures?.by_character);
  showCharacters(find(".model-characters", HTMLElement, page), figures?.by_character ?? []);
}

/** @param {Card} card */
function showTrainingData({ data = [], learned }) {
  setHidden(".model-training-data", data.length === 0);
  find(".model-sources", HTMLElement, page).replaceChildren(
    ...data.map(({ name, licence, citation }) => {
      const item = copyTemplate("source");
      setText(".source-name", name, item);
      setText(".source-license", licence, item);
      find(".source-citation", HTMLElement, item).replaceChildren(...linkDoi(citation));
      return item;
    }),
  );
  setHidden(".model-retraining", !learned);
  if (learned) setText(".model-retraining", describeLearned(learned), page);
}

/** @param {string} citation @returns {(string | Node)[]} */
function linkDoi(citation) {
  const link = findDoi(citation);
  if (!link) return [citation];
  return [link.before, make("a", { href: link.address, rel: "noreferrer" }, link.doi), link.after];
}

/** @param {Card} card */
function showExperiments({ history = [] }) {
  setHidden(".model-experiments", history.length === 0);
  find(".model-steps", HTMLElement, page).replaceChildren(
    ...history.map(({ tried, figures, note }) => {
      const step = copyTemplate("step");
      setText(".step-text", `${tried}.`, step);
      const list = find(".step-figures", HTMLElement, step);
      list.hidden = Object.keys(figures).length === 0;
      for (const figure of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("dd"))) {
        const percent = figures[figure.dataset.figure ?? ""];
        figure.textContent = percent === undefined ? "" : formatDecimal(percent, 2);
      }
      setText(".step-note", note ? `${note}.` : "", step);
      return step;
    }),
  );
}

/** @param {import("../../../types/api").ModelUse[]} history */
function showHistory(history) {
  setHidden(".model-previous", history.length === 0);
  showVersions(find(".model-history", HTMLElement, page), history);
}

try {
  /** @type {import("../../../types/api").ModelCard} */
  const { version, card, counts, history } = await getJSON("/api/model");
  showAbout(version, card);
  showCounts(counts);
  showAccuracy(card);
  showByCharacter(card);
  showTrainingData(card);
  showExperiments(card);
  showHistory(history);
  page.dataset.state = "shown";
} catch (error) {
  setText(".model-problem", describeError(error), page);
  page.dataset.state = "failed";
}
