// What was read in a picture, as the page shows and changes it. Pure.

import { findPlace, turnBox, turnPoint } from "./boxes.js";
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
 * @property {Source & { mark: string }} source by which the server knows a cutout
 *
 * @typedef {{ picture: string, attempt: string }} Source the name of a picture, and the number of its reading
 *
 * @typedef {object} Change what a mark was before a person changed it
 * @property {number} index
 * @property {import("./text.js").Letter} letter
 * @property {boolean} isSure
 * @property {string} said
 *
 * @typedef {object} Reading
 * @property {number} width of the picture, turned so that it can be read
 * @property {number} height
 * @property {number} turn by how many quarters it is turned clockwise
 * @property {number} frames how many pages the file has
 * @property {number} found how many characters were read
 * @property {Mark[]} marks characters and signs, in reading order
 * @property {[x: number, y: number][] | null} page its corners, if it is only a part of the picture
 * @property {import("./text.js").Letters} letters what the text says at each mark; corrections replace it
 * @property {Change[]} changes of a person, the last one at the end
 */

/**
 * @param {Uploaded} uploaded
 * @param {Source} source
 * @returns {Reading}
 */
export function createReading(uploaded, source) {
  const { width, height, turn = 0, frames = 1, text, characters, signs = [], page } = uploaded;
  const toBox = (/** @type {Box} */ box) => turnBox(box, turn, width, height);
  const boxes = characters.map(({ box }) => toBox(box));
  let letters = parseText(text);
  const marks = characters.map((character, i) => makeMark(character, boxes[i], character.sure, character.round, source));
  // From the last to the first, so that the places of the others stay.
  const placed = signs.map((sign) => ({ sign, box: toBox(sign.box), ...findPlace(toBox(sign.box), boxes) }));
  placed.sort((a, b) => a.index - b.index || Number(a.joinsNext) - Number(b.joinsNext) || a.box[0] - b.box[0]);
  for (const { sign, box, index, joinsNext } of placed.reverse()) {
    marks.splice(index, 0, makeMark(sign, box, false, null, source));
    letters = insertSign(letters, index, sign.label, joinsNext);
  }
  const [across, down] = turn % 2 ? [height, width] : [width, height];
  marks.forEach((mark, i) => {
    mark.source.mark = String(i + 1);
  });
  const corners = page?.map(([x, y]) => turnPoint([x, y], turn, width, height)) ?? null;
  const size = { width: across, height: down };
  return { ...size, turn, frames, found: characters.length, marks, page: corners, letters, changes: [] };
}

/**
 * @param {Pick<UploadSign, "candidates" | "image">} mark
 * @param {Box} box
 * @param {boolean} isSure
 * @param {string | null} round
 * @param {Source} source
 * @returns {Mark}
 */
function makeMark({ candidates, image }, box, isSure, round, source) {
  return { box, candidates, image, isSure, round, said: "", cutout: null, source: { ...source, mark: "" } };
}
