// Stores on the server what a mark of a picture is.

import { deleteJSON, sendLabel } from "../api.js";
import { sendPicture } from "./send.js";

/** @typedef {import("./reading.js").Mark} Mark */
/** @typedef {"confirmed" | "corrected" | "kept" | "deleted" | "unsaved"} Saved */

/**
 * A mark that is no character is deleted. One that is a character after all is sent again, cut from the picture.
 *
 * @param {Mark} mark
 * @param {string | null} label "" for a character of which nobody said what it is, null for a mark that is none
 * @returns {Promise<Saved>} "unsaved" if the server stores no more today
 */
export async function saveMark(mark, label) {
  if (label === null) {
    if (mark.round) await deleteJSON(`/api/rounds/${mark.round}`).catch(ignoreMissing);
    mark.round = null;
    return "deleted";
  }
  mark.round ??= await sendCutout(mark);
  if (!mark.round) return "unsaved";
  return label ? (await sendLabel(mark.round, label)).verdict : "kept";
}

/** @param {Mark} mark @returns {Promise<string | null>} the id of its round */
async function sendCutout({ cutout, source }) {
  const image = await cutout;
  if (!image) return null;
  const fields = { ...source, image, single: "true" };
  const { characters } = await sendPicture(fields, { onProgress() {}, signal: new AbortController().signal });
  return characters[0]?.round ?? null;
}

/** @param {{ status?: number }} error */
function ignoreMissing(error) {
  if (error.status !== 404) throw error;
}
