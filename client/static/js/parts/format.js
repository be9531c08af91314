// Numbers and characters as a person reads or hears them. Pure.

const NUMBER = new Intl.NumberFormat("en");
const PRECISE_PERCENT = new Intl.NumberFormat("en", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });
const SUFFIXES = /** @type {Record<string, string>} */ ({ one: "st", two: "nd", few: "rd", other: "th" });
const BYTES_PER_MEGABYTE = 1024 * 1024;

/** @param {number} number @returns {string} such as "1,204" */
export function formatNumber(number) {
  return NUMBER.format(number);
}

/**
 * @param {number} share from 0 to 1
 * @returns {string} such as "98%". Only 1 itself reads as 100%, and only 0 as 0%.
 */
export function formatPercent(share) {
  const rounded = Math.round(share * 100);
  if (rounded === 100 && share < 1) return ">99%";
  if (rounded === 0 && share > 0) return "<1%";
  return `${rounded}%`;
}

/** @param {number} share from 0 to 1 @returns {string} with one decimal, such as "83.2%" */
export function formatPrecisePercent(share) {
  return PRECISE_PERCENT.format(share);
}

/** @param {number} count @param {string} noun in the singular @returns {string} such as "1 drawing" or "1,204 drawings" */
export function formatCount(count, noun) {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {number} number @returns {string} such as "1st" or "23rd" */
export function formatOrdinal(number) {
  return `${number}${SUFFIXES[ORDINALS.select(number)]}`;
}

/** @param {number} bytes @returns {string} rounded up, such as "17 MB" */
export function formatMegabytes(bytes) {
  return `${Math.ceil(bytes / BYTES_PER_MEGABYTE)} MB`;
}

/** @param {number} ms @returns {string} such as "1.4 s" */
export function formatSeconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Name a character so that uppercase and lowercase sound different to people who cannot see it.
 *
 * @param {string} character
 * @returns {string} such as "uppercase S", "lowercase s" or "7"
 */
export function nameCharacter(character) {
  if (/^[A-Z]$/.test(character)) return `uppercase ${character}`;
  if (/^[a-z]$/.test(character)) return `lowercase ${character}`;
  return character;
}

/**
 * @param {string | null | undefined} reason why a game is on no leaderboard, as the server says it
 * @returns {string} the same in whole sentences; empty if there is no reason
 */
export function explainUnranked(reason) {
  return reason ? `This game isn't on the leaderboard: ${reason} I saved it all the same.` : "";
}
