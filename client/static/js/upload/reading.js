// What was read in a picture, as the page shows and changes it. Pure.

import { findPlace, turnBox } from "./boxes.js";
import { insertSign, parseText } from "./text.js";

/** @typedef {import("../../../types/api").Uploaded} Uploaded */
/** @typedef {import("../../../types/api").UploadCharacter} UploadCharacter */
/** @typedef {import("../../../types/api").UploadSign} UploadSign */
/** @typedef {import("./boxes.js").Box} Box */
/**
 * @typedef {object} Mark something that is written in the picture
 * @property {Box} box in the turned picture
 * @property {UploadCharacter["candidates"]} candidates
 * @property {string} image what the model saw
 * @property {boolean} isSure
 * @property {string | null} round its id, null if it is not stored
 * @property {string} said what a person said it is, "" if nobody did
 * @property {Promise<Blob | null> | null} cutout of the picture, for a mark that is to be stored
 *
 * @typedef {object} Reading
 * @property {number} width of the picture, turned so that it can be read
 * @property {number} height
 * @property {number} turn by how many quarters it is turned clockwise
 * @property {number} frames how many pages the file has
 * @property {number} found how many characters were read
 * @property {Mark[]} marks characters and signs, in reading order
 * @property {import("./text.js").Letters} letters what the text says at each mark; corrections replace it
 */

/**
 * @param {Uploaded} uploaded
 * @returns {Reading}
 */
export function createReading({ width, height, turn = 0, frames = 1, text, characters, signs = [] }) {
  const toBox = (/** @type {Box} */ box) => turnBox(box, turn, width, height);
  const boxes = characters.map(({ box }) => toBox(box));
  let letters = parseText(text);
  const marks = characters.map((character, i) => makeMark(character, boxes[i], character.sure, character.round));
  // From the last to the first, so that the places of the others stay.
  const placed = signs.map((sign) => ({ sign, box: toBox(sign.box), ...findPlace(toBox(sign.box), boxes) }));
  placed.sort((a, b) => a.index - b.index || Number(a.joinsNext) - Number(b.joinsNext) || a.box[0] - b.box[0]);
  for (const { sign, box, index, joinsNext } of placed.reverse()) {
    marks.splice(index, 0, makeMark(sign, box, false, null));
    letters = insertSign(letters, index, sign.label, joinsNext);
  }
  const [across, down] = turn % 2 ? [height, width] : [width, height];
  return { width: across, height: down, turn, frames, found: characters.length, marks, letters };
}

/**
 * @param {Pick<UploadSign, "candidates" | "image">} mark
 * @param {Box} box
 * @param {boolean} isSure
 * @param {string | null} round
 * @returns {Mark}
 */
function makeMark({ candidates, image }, box, isSure, round) {
  return { box, candidates, image, isSure, round, said: "", cutout: null };
}
