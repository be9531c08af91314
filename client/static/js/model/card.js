// Describes a model's card in words. Pure.

import { getLanguage, t } from "../parts/messages.js";

/**
 * The card that comes with a model (recognition/bundled/model.json).
 *
 * @typedef {object} Figures shares from 0 to 1
 * @property {number} samples
 * @property {number} accuracy
 * @property {number} folded with look-alikes accepted for each other
 *
 * @typedef {object} CharacterFigures shares from 0 to 1
 * @property {string} character
 * @property {number} samples
 * @property {number} folded with look-alikes accepted for each other
 * @property {string} mistaken_for the character it is most often mistaken for; may be empty
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
 * @property {number} [parameters]
 * @property {Source[]} [data]
 * @property {{
 *   on: string,
 *   by_alphabet: Record<string, Figures>,
 *   by_character?: CharacterFigures[],
 * }} [figures]
 * @property {Learned} [learned] from players, if the model was retrained
 * @property {{ tried: string, figures: Record<string, number>, note?: string }[]} [history] figures in percent
 */

const SOURCES = ["challenge", "draw", "upload", "synthetic"];

/** @param {Learned} learned @returns {string} */
export function describeLearned({ rounds, players, by_source = {} }) {
  const sources = SOURCES.filter((source) => by_source[source] > 0).map((source) =>
    t(`card.from_${source}`, { number: by_source[source] }),
  );
  const values = {
    drawings: t("card.drawings", { count: rounds }),
    players: t("card.players", { count: players }),
    sources: new Intl.ListFormat(getLanguage()).format(sources),
  };
  return t(sources.length ? "card.learned_sources" : "card.learned", values);
}

/**
 * @param {string} citation
 * @returns {{ before: string, doi: string, address: string, after: string } | null} its DOI and the text around it
 */
export function findDoi(citation) {
  const match = /\bdoi:(10\.\S+[^\s.,;])/.exec(citation);
  if (!match) return null;
  return {
    before: citation.slice(0, match.index),
    doi: match[0],
    address: `https://doi.org/${match[1]}`,
    after: citation.slice(match.index + match[0].length),
  };
}
