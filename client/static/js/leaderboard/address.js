// The address of the leaderboard page, so that a board or a game can be shared as a link. Pure.

/**
 * @typedef {object} Place
 * @property {string} mode
 * @property {string} alphabet
 * @property {string} period
 * @property {string | null} game the game that is open
 */

const MODES = ["sprint", "daily", "extra", "keys"];
const PERIODS = ["day", "week", "all"];

/**
 * @param {string} search the query of an address
 * @param {string[]} alphabets the names of all alphabets
 * @returns {Place} the place in the query, with defaults for what is missing or unknown
 */
export function readPlace(search, alphabets) {
  const query = new URLSearchParams(search);
  return settle({
    mode: pickKnown(MODES, query.get("mode"), "sprint"),
    alphabet: pickKnown(alphabets, query.get("alphabet"), "digits"),
    period: pickKnown(PERIODS, query.get("period"), "week"),
    game: query.get("game") || null,
  });
}

/**
 * @param {Place} place
 * @returns {Place} the same with the period that its mode has: a daily has only its day
 */
export function settle(place) {
  return place.mode === "daily" ? { ...place, period: "day" } : place;
}

/**
 * @param {Place} place
 * @returns {string} the query that names it
 */
export function writePlace({ mode, alphabet, period, game }) {
  const query = new URLSearchParams({ mode, alphabet, period });
  if (game) query.set("game", game);
  return `?${query}`;
}

/** @param {Place} one @param {Place} other @returns {boolean} */
export function isSameBoard(one, other) {
  return one.mode === other.mode && one.alphabet === other.alphabet && one.period === other.period;
}

/**
 * @param {string[]} known
 * @param {string | null} value
 * @param {string} fallback
 */
function pickKnown(known, value, fallback) {
  return value !== null && known.includes(value) ? value : fallback;
}
