// Today's dailies on the play page: which are played, the streak, and when the next ones come.

import { getJSON } from "../api.js";
import { formatNumber } from "../parts/format.js";
import { t } from "../parts/messages.js";

/** @typedef {import("../../../types/api").MyDaily} MyDaily */

const MS_PER_MINUTE = 60_000;

/** @returns {Promise<MyDaily>} */
export function loadDaily() {
  return getJSON("/api/me/daily");
}

/**
 * @param {MyDaily} daily
 * @param {string} alphabet
 * @returns {MyDaily["tries"][number] | undefined} the player's try of today
 */
export function findTry({ tries }, alphabet) {
  return tries.find((each) => each.alphabet === alphabet);
}

/** @param {MyDaily} daily @returns {string} such as "3 days in a row."; empty if there is no streak */
export function describeStreak({ streak }) {
  return streak.days ? t("daily.streak", { count: streak.days }) : "";
}

/** @param {MyDaily} daily @returns {string} such as "The next one comes in 5 h 12 min." */
export function describeNext({ ends_in_ms }) {
  const minutes = Math.max(1, Math.ceil(ends_in_ms / MS_PER_MINUTE));
  return t("daily.next", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/**
 * @param {MyDaily} daily
 * @param {string} alphabet
 * @returns {string} what the form says of the daily
 */
export function describeDaily(daily, alphabet) {
  const own = findTry(daily, alphabet);
  const words = own
    ? [t("daily.played", { points: formatNumber(own.score) }), describeNext(daily), describeStreak(daily)]
    : [t("play.hint_daily"), describeStreak(daily)];
  return words.filter(Boolean).join(" ");
}
