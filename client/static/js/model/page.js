// The model page: what reads the drawings, how well it does, and whose handwriting it was taught with.

import { getJSON } from "../api.js";
import { copyOf, find, make, sentence } from "../parts/page.js";
import { ALPHABETS } from "../parts/alphabets.js";
import { showCharacters } from "./characters.js";
import { showHistory } from "./history.js";

/**
 * @typedef {object} Figures shares of 1
 * @property {number} samples
 * @property {number} accuracy
 * @property {number} folded with look-alikes accepted for each other
 *
 * @typedef {object} Source
 * @property {string} name
 * @property {string} licence
 * @property {string} citation
 *
 * @typedef {object} Learned
 * @property {number} rounds
 * @property {number} players
 * @property {Record<string, number>} [by_source]
 *
 * @typedef {object} Card
 * @property {string} [created]
 * @property {{ name: string }} [recipe]
 * @property {number} [parameters]
 * @property {Source[]} [data]
 * @property {{
 *   on: string,
 *   by_alphabet: Record<string, Figures>,
 *   by_character?: import("./characters.js").CharacterFigures[],
 * }} [figures]
 * @property {Learned} [learned] from players, where it was
 * @property {{ tried: string, figures: Record<string, number>, note?: string }[]} [history] figures in percent
 *
 * @typedef {{ rounds: number, games: number, players: number, labelled: number, mirrored: number | null }} Counts
 */

const NUMBER = new Intl.NumberFormat("en");
const SHARE = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const LIST = new Intl.ListFormat("en");
const SOURCES = /** @type {Record<string, string>} */ ({
  challenge: "from games",
  draw: "drawn freely",
  upload: "from photos",
  synthetic: "made by machine",
});
const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

const page = find(".model", HTMLElement);

/**
 * @param {string} name
 * @param {string} text
 */
function fill(name, text) {
  find(`.model-${name}`, HTMLElement, page).textContent = text;
}

/** @param {Counts} counts */
function showMirrored({ rounds, mirrored }) {
  find(".model-mirrored", HTMLElement, page).hidden = mirrored === null;
  if (mirrored !== null) fill("mirrored", `${NUMBER.format(rounds)} rounds kept, ${NUMBER.format(mirrored)} in the Sheet.`);
}

/** @param {Card} card */
function showFigures({ figures }) {
  const list = find(".model-figures", HTMLElement, page);
  find(".model-measured", HTMLElement, page).hidden = !figures;
  if (!figures) return;
  fill("measured-on", figures.on);
  list.replaceChildren(
    ...Object.entries(ALPHABETS).flatMap(([name, { title }]) => {
      const figure = figures.by_alphabet[name];
      if (!figure) return [];
      const row = copyOf("figure");
      row.style.setProperty("--share", String(figure.folded));
      find(".figure-name", HTMLElement, row).textContent = title;
      find(".figure-folded", HTMLElement, row).textContent = SHARE.format(figure.folded);
      find(".figure-exact", HTMLElement, row).textContent =
        figure.accuracy === figure.folded ? "" : `${SHARE.format(figure.accuracy)} to the letter`;
      return [row];
    }),
  );
}

/** @param {Card} card */
function showSpelling({ figures }) {
  find(".model-spelled", HTMLElement, page).hidden = !figures?.by_character;
  showCharacters(find(".model-characters", HTMLElement, page), figures?.by_character ?? []);
}

/** @param {Card} card */
function showLearned({ learned }) {
  find(".model-learned", HTMLElement, page).hidden = !learned;
  if (!learned) return;
  const sources = Object.entries(learned.by_source ?? {})
    .filter(([, rounds]) => rounds > 0)
    .map(([source, rounds]) => `${NUMBER.format(rounds)} ${SOURCES[source] ?? source}`);
  const whose = `${counted(learned.rounds, "drawing")} of ${counted(learned.players, "player")} here`;
  fill("learned", `Then it learned from ${whose}${sources.length ? `: ${LIST.format(sources)}` : ""}. Thank you, too.`);
}

/**
 * @param {number} number
 * @param {string} thing
 */
function counted(number, thing) {
  return `${NUMBER.format(number)} ${thing}${number === 1 ? "" : "s"}`;
}

/** @param {Card} card */
function showTried({ history = [] }) {
  find(".model-tried", HTMLElement, page).hidden = history.length === 0;
  find(".model-steps", HTMLElement, page).replaceChildren(
    ...history.map(({ tried, figures, note }) => {
      const step = copyOf("step");
      find(".step-tried", HTMLElement, step).textContent = `${tried}.`;
      const list = find(".step-figures", HTMLElement, step);
      list.hidden = Object.keys(figures).length === 0;
      for (const figure of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("dd"))) {
        figure.textContent = figures[figure.dataset.figure ?? ""]?.toFixed(2) ?? "";
      }
      find(".step-note", HTMLElement, step).textContent = note ? `${note}.` : "";
      return step;
    }),
  );
}

/** @param {import("./history.js").Use[]} uses */
function showPast(uses) {
  find(".model-past", HTMLElement, page).hidden = uses.length === 0;
  showHistory(find(".model-history", HTMLElement, page), uses);
}

/** @param {Card} card */
function showData({ data = [] }) {
  const list = find(".model-data", HTMLElement, page);
  find(".model-taught", HTMLElement, page).hidden = data.length === 0;
  list.replaceChildren(
    ...data.map(({ name, licence, citation }) => {
      const item = copyOf("source");
      find(".source-name", HTMLElement, item).textContent = name;
      find(".source-licence", HTMLElement, item).textContent = licence;
      find(".source-citation", HTMLElement, item).replaceChildren(...linked(citation));
      return item;
    }),
  );
}

/**
 * @param {string} citation
 * @returns {(string | Node)[]} the citation with its DOI as a link
 */
function linked(citation) {
  const found = /\bdoi:(10\.\S+[^\s.,;])/.exec(citation);
  if (!found) return [citation];
  const link = make("a", { href: `https://doi.org/${found[1]}`, rel: "noreferrer" }, found[0]);
  return [citation.slice(0, found.index), link, citation.slice(found.index + found[0].length)];
}

try {
  /** @type {{ version: string, card: Card, counts: Counts, history: import("./history.js").Use[] }} */
  const { version, card, counts, history } = await getJSON("/api/model");
  fill("version", version);
  fill("created", card.created ? DAY.format(new Date(card.created)) : "an unknown day");
  fill("parameters", card.parameters ? NUMBER.format(card.parameters) : "many");
  fill("rounds", NUMBER.format(counts.rounds));
  fill("games", NUMBER.format(counts.games));
  fill("players", NUMBER.format(counts.players));
  fill("labelled", NUMBER.format(counts.labelled));
  showMirrored(counts);
  showFigures(card);
  showSpelling(card);
  showData(card);
  showLearned(card);
  showTried(card);
  showPast(history);
  page.dataset.state = "shown";
} catch (error) {
  fill("problem", sentence(error));
  page.dataset.state = "failed";
}
