// Numbers, times and characters as a person reads or hears them, in the language of the page.

import { getLanguage, t } from "./messages.js";

const BYTES_PER_MEGABYTE = 1024 * 1024;

/** @type {Map<string, Intl.NumberFormat>} */
const numberFormats = new Map();
/** @type {Map<string, Intl.DateTimeFormat>} */
const dateFormats = new Map();

/** @param {Intl.NumberFormatOptions} options */
function getNumberFormat(options) {
  const key = getLanguage() + JSON.stringify(options);
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(getLanguage(), options);
  numberFormats.set(key, format);
  return format;
}

/** @param {number} number @returns {string} such as "1,204" */
export function formatNumber(number) {
  return getNumberFormat({}).format(number);
}

/**
 * @param {number} share from 0 to 1
 * @returns {string} such as "98%". Only 1 itself reads as 100%, and only 0 as 0%.
 */
export function formatPercent(share) {
  const rounded = Math.round(share * 100);
  const { format } = getNumberFormat({ style: "percent" });
  if (rounded === 100 && share < 1) return `>${format(0.99)}`;
  if (rounded === 0 && share > 0) return `<${format(0.01)}`;
  return format(rounded / 100);
}

/** @param {number} share from 0 to 1 @returns {string} with one decimal, such as "83.2%" */
export function formatPrecisePercent(share) {
  return getNumberFormat({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(share);
}

/** @param {number} number @param {number} decimals @returns {string} such as "83.20" */
export function formatDecimal(number, decimals) {
  return getNumberFormat({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(number);
}

/** @param {number} number @returns {string} such as "1st" or "23rd" */
export function formatOrdinal(number) {
  return t("format.ordinal", { count: number });
}

/** @param {number} bytes @returns {string} rounded up, such as "17 MB" */
export function formatMegabytes(bytes) {
  return getNumberFormat({ style: "unit", unit: "megabyte" }).format(Math.ceil(bytes / BYTES_PER_MEGABYTE));
}

/** @param {number} ms @returns {string} such as "1.4 s" */
export function formatSeconds(ms) {
  return t("format.seconds", { seconds: formatDecimal(ms / 1000, 1) });
}

/**
 * @param {string | number} time as the server writes it (ISO 8601), or ms since 1970
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {string} in the time zone of the reader
 */
export function formatDate(time, options) {
  const key = getLanguage() + JSON.stringify(options);
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(getLanguage(), options);
  dateFormats.set(key, format);
  return format.format(new Date(time));
}

/**
 * Name a character so that uppercase and lowercase sound different to people who cannot see it.
 *
 * @param {string} character
 * @returns {string} such as "uppercase S", "lowercase s" or "7"
 */
export function nameCharacter(character) {
  if (/^[A-Z]$/.test(character)) return t("format.uppercase", { character });
  if (/^[a-z]$/.test(character)) return t("format.lowercase", { character });
  return character;
}
