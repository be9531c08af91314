// What the page says about pictures: what becomes of one, and how far all of them are.

import { t } from "../parts/messages.js";

/** @typedef {import("./pictures.js").Picture} Picture */

/** @param {Picture["state"]} state */
export function isUnread(state) {
  return state === "waiting" || state === "held" || state === "reading";
}

/** @param {Picture} picture @returns {boolean} whether it was not read, and may be if it is sent again */
export function canRetry({ isFit, state }) {
  return isFit && (state === "refused" || state === "stopped");
}

/** @param {Picture} picture */
export function describeState({ state, reading }) {
  if (isUnread(state)) return t("picture.reading");
  if (state === "stopped") return t("picture.canceled");
  if (state === "refused" || !reading) return "";
  if (!reading.marks.length) return t("picture.blank");
  return reading.found ? t("picture.found", { count: reading.found }) : t("picture.only_signs");
}

/** @param {Picture[]} pictures */
export function describeProgress(pictures) {
  const reading = pictures.findIndex(({ state }) => state === "reading");
  if (reading >= 0) return t("picture.reading_of", { number: reading + 1, total: pictures.length });
  const number = pictures.filter(({ state }) => state === "read").length;
  return t("picture.all_read", { number, total: pictures.length });
}
