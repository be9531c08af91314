// What the address says about the board on show, so that a board or a game can be shared as a link.

/**
 * @typedef {object} Place
 * @property {string} alphabet
 * @property {string} period
 * @property {string | null} game the game that is open
 */

const ALPHABETS = ["any", "digits", "upper", "lower", "letters"];
const PERIODS = ["day", "week", "all"];

/**
 * @param {string} search the query of an address
 * @returns {Place} what it names; the boards it does not know are the ones shown at first
 */
export function readPlace(search) {
  const named = new URLSearchParams(search);
  return {
    alphabet: oneOf(ALPHABETS, named.get("alphabet"), "digits"),
    period: oneOf(PERIODS, named.get("period"), "week"),
    game: named.get("game") || null,
  };
}

/**
 * @param {Place} place
 * @returns {string} the query that names it
 */
export function writePlace({ alphabet, period, game }) {
  const named = new URLSearchParams({ alphabet, period });
  if (game) named.set("game", game);
  return `?${named}`;
}

/**
 * @param {string[]} known
 * @param {string | null} given
 * @param {string} otherwise
 */
function oneOf(known, given, otherwise) {
  return given !== null && known.includes(given) ? given : otherwise;
}
