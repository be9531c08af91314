// The address of the leaderboard page, so that a board or a game can be shared as a link. Pure.

/**
 * @typedef {object} Place
 * @property {string} alphabet
 * @property {string} period
 * @property {string | null} game the game that is open
 */

const PERIODS = ["day", "week", "all"];

/**
 * @param {string} search the query of an address
 * @param {string[]} alphabets the names of all alphabets
 * @returns {Place} the place in the query, with defaults for what is missing or unknown
 */
export function readPlace(search, alphabets) {
  const query = new URLSearchParams(search);
  return {
    alphabet: pickKnown(alphabets, query.get("alphabet"), "digits"),
    period: pickKnown(PERIODS, query.get("period"), "week"),
    game: query.get("game") || null,
  };
}

/**
 * @param {Place} place
 * @returns {string} the query that names it
 */
export function writePlace({ alphabet, period, game }) {
  const query = new URLSearchParams({ alphabet, period });
  if (game) query.set("game", game);
  return `?${query}`;
}

/**
 * @param {string[]} known
 * @param {string | null} value
 * @param {string} fallback
 */
function pickKnown(known, value, fallback) {
  return value !== null && known.includes(value) ? value : fallback;
}
